// What something drawn is: enough to copy it, to look at it in memory and to find it in time. A right click asks for it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "core/base/address.h"

namespace procatlas {

enum class ThingKind : std::uint8_t {
    none,
    process,
    region,
    frame,
    variable,
    block,  // of the heap, or an object of Python
    bytes,
    source_line,
    instruction,
    event,
    output,
};

// Texts are as the program has them: make them safe before you show them (display_text).
struct Thing {
    ThingKind kind = ThingKind::none;
    std::size_t process = 0;  // index in World::processes; of a source line: any
    Address address = 0;      // 0: it has none
    ByteCount size = 0;       // 0: not known
    std::string name{};       // of the function or variable
    std::string function{};   // whose variable it is; empty: a global
    std::string file{};       // of a source line or frame
    std::uint32_t line = 0;
    std::string value{};
    std::string text{};      // the whole as a person would write it down
    std::size_t moment = 0;  // of an event or a line of output

    bool operator==(const Thing&) const = default;
};

}  // namespace procatlas
