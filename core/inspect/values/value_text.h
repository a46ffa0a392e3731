// Values as gdb prints them with its default settings: 42, 65 'A', {x = 1, y = 2}, 0x55d0c0 "text".
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/inspect/dwarf/dwarf_modules.h"
#include "core/inspect/dwarf/variable_types.h"
#include "core/inspect/memory/stopped_process.h"

namespace procatlas {

// How many elements a dimension has that is worked out as the program runs.
using CountElements = std::function<std::optional<std::uint64_t>(const Dimension&)>;

struct ValueSources {
    StoppedProcess& process;
    DwarfModules& modules;
    VariableTypes& types;
    CountElements count;
};

// `bytes` may be fewer than the type has.
[[nodiscard]] std::string value_text(const ValueSources& sources, const Type* type, std::string_view bytes);

// The pointers in a value that are not null, in their order.
[[nodiscard]] std::vector<Address> pointers_in(const ValueSources& sources, const Type* type, std::string_view bytes);

}  // namespace procatlas
