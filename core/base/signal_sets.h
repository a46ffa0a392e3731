// Which signals a program ignores and blocks. A program that we start has them as whoever started us wanted it: a job in the
// background ignores SIGINT, a service SIGPIPE.
#pragma once

#include <cstdint>

namespace procatlas {

// Bit n - 1: signal n, as in SigIgn and SigBlk of proc_pid_status(5).
struct SignalSets {
    std::uint64_t ignored = 0;
    std::uint64_t blocked = 0;

    bool operator==(const SignalSets&) const = default;
};

// As they were at the first call. Call it first in main: to handle a signal hides that it was ignored.
[[nodiscard]] const SignalSets& signals_at_start();

// Every signal becomes ignored or gets its default action. Async-signal-safe.
void set_ignored_signals(std::uint64_t ignored);
void set_blocked_signals(std::uint64_t blocked);

}  // namespace procatlas
