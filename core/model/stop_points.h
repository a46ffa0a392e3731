// Where a person wants a program to be held, beyond the classes of events (command.h). Kept for the run, not in the recording.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "core/base/address.h"

namespace procatlas {

struct LineStop {
    std::string file;  // as StackFrame::file names it
    std::uint32_t line = 0;

    bool operator==(const LineStop&) const = default;
};

// A variable, in whichever process has it; it is compared after each step that is told. The processor itself watches a global
// that it can watch, so that the program stops where it writes to it, at any grain at which its inside is read.
struct VariableStop {
    std::string function;  // empty: a global
    std::string name;
    Address address = 0;     // 0: any (a register, a name of Python, or a place of another run)
    bool watchable = false;  // a global that the processor can watch (`can_be_watched`), wherever it lies

    bool operator==(const VariableStop& other) const {
        return function == other.function && name == other.name &&
               (address == other.address || address == 0 || other.address == 0);
    }
};

struct StopPoints {
    std::vector<LineStop> lines;
    std::vector<VariableStop> variables;

    [[nodiscard]] bool empty() const { return lines.empty() && variables.empty(); }
    bool operator==(const StopPoints&) const = default;
};

// The places that a processor can watch at the same time, and which: 1, 2, 4 or 8 bytes at a multiple of their number (x86).
inline constexpr std::size_t most_watched = 4;
[[nodiscard]] constexpr bool can_be_watched(AddressRange place) {
    const ByteCount size = place.size();
    return place.start != 0 && (size == 1 || size == 2 || size == 4 || size == 8) && place.start % size == 0;
}

}  // namespace procatlas
