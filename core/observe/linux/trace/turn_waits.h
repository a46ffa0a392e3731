// Whether a system call would wait if it were made now, while everybody stands still: then its thread may not go on.
#pragma once

#include "core/observe/linux/trace/call_stop.h"
#include "core/observe/linux/trace/tracees.h"

namespace procatlas {

// A thread at the entry of `call`. Knows reads and writes of pipes, sockets and terminals (asked of the kernel by poll(2) on a
// duplicate of the descriptor, pidfd_getfd(2)) and waits for children. False also where that cannot be known: the thread then
// sleeps in the kernel, which shows in /proc.
[[nodiscard]] bool would_wait(const TracedThread& thread, const PendingCall& call, Tracees& tracees);

}  // namespace procatlas
