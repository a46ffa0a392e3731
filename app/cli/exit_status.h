// What procatlas exits with. `trace` ends as the program does, as timeout(1) and env(1) do, so its own failures have numbers that
// programs seldom use.
#pragma once

#include <optional>

#include "core/model/event.h"

namespace procatlas {

inline constexpr int exit_done = 0;
inline constexpr int exit_failed = 1;
inline constexpr int exit_usage = 2;
inline constexpr int exit_trace_failed = 125;    // procatlas trace itself, wrong usage too
inline constexpr int exit_cannot_execute = 126;  // the program is there, but cannot be executed
inline constexpr int exit_not_found = 127;       // the program
inline constexpr int exit_signal = 128;          // plus the number of the signal

// As a shell gives it in $?. nullopt: the program was not seen to end.
[[nodiscard]] inline std::optional<int> shell_status(const std::optional<ExitEvent>& exit) {
    if (!exit) {
        return std::nullopt;
    }
    return exit->signal ? exit_signal + *exit->signal : exit->code;
}

}  // namespace procatlas
