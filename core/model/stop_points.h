// Where a person wants a program to be held, beyond the classes of events (command.h). Kept for the run, not in the recording.
#pragma once

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

// A variable, in whichever process has it; it is compared after each step that is told.
struct VariableStop {
    std::string function;  // empty: a global
    std::string name;
    Address address = 0;  // 0: any (a register, or a name of Python)

    bool operator==(const VariableStop&) const = default;
};

struct StopPoints {
    std::vector<LineStop> lines;
    std::vector<VariableStop> variables;

    [[nodiscard]] bool empty() const { return lines.empty() && variables.empty(); }
    bool operator==(const StopPoints&) const = default;
};

}  // namespace procatlas
