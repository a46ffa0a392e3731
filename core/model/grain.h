// How finely a program is followed beyond its system calls, and what the observer needs to know to do so.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/address.h"

namespace procatlas {

// Each grain includes the coarser ones.
enum class Grain { none, calls, lines, instructions };

// Whose functions and lines are told: of what the student wrote, or also of the libraries that were compiled into the program,
// such as the templates of C++'s headers and the runtime of Go.
enum class FollowedCode { own, with_libraries };

// How finely a run was followed from its start on, as its recording tells.
struct HowFollowed {
    Grain grain = Grain::none;
    bool memory_calls = true;
    FollowedCode code = FollowedCode::own;

    bool operator==(const HowFollowed&) const = default;
};

// As `--grain` names it: "lifecycle", "memory", "calls", "lines", "instructions".
[[nodiscard]] constexpr std::string_view grain_name(const HowFollowed& how) {
    switch (how.grain) {
        case Grain::none:
            break;
        case Grain::calls:
            return "calls";
        case Grain::lines:
            return "lines";
        case Grain::instructions:
            return "instructions";
    }
    return how.memory_calls ? "memory" : "lifecycle";
}

// Register values of a stopped thread by their DWARF numbers (System V ABI, AMD64: rax, rdx, rcx, rbx, rsi, rdi, rbp, rsp, r8
// to r15, and the return address column, rip).
using Registers = std::array<std::uint64_t, 17>;

// Where to stop one program, in the run-time addresses of one process.
struct FunctionSpot {
    Address entry = 0;  // its first instruction
    Address body = 0;   // after its prologue: from here on parameters are where the debug information says; `entry` if unknown
    std::string name;   // left empty for the observer, which does not need it

    bool operator==(const FunctionSpot&) const = default;
};
// Where the runtime of a Go program keeps what it knows of a goroutine: offsets in its `runtime.g`, which the register r14
// points to while code of Go runs (Go's ABIInternal).
struct GoroutineLayout {
    ByteCount stack_low = 0;
    ByteCount stack_high = 0;
    ByteCount number = 0;

    bool operator==(const GoroutineLayout&) const = default;
};

// The lines of a source file at which a program can be held.
struct LinesWithCode {
    std::string file;                  // as StackFrame::file names it
    std::vector<std::uint32_t> lines;  // ascending

    bool operator==(const LinesWithCode&) const = default;
};

struct BreakpointPlan {
    std::vector<FunctionSpot> functions;        // of the program itself, ascending; empty: `why_none`
    std::vector<Address> lines;                 // statements (line table, is_stmt) of these functions, ascending
    std::vector<LinesWithCode> sources;         // the lines that these belong to; not sent to the observer
    std::vector<AddressRange> own_code;         // executable mappings of the program itself
    std::vector<AddressRange> libraries;        // functions in `own_code` that are stepped over; ascending, apart
    Address entry = 0;                          // the program's entry point (AT_ENTRY)
    std::string why_none;                       // why there are no functions; else empty
    std::string python_path;                    // PYTHONPATH in the environment that it began with; empty: none
    std::optional<GoroutineLayout> goroutines;  // nullopt: not a Go program, or its goroutines cannot be told apart

    bool operator==(const BreakpointPlan&) const = default;
};

}  // namespace procatlas
