// Begins to follow a process that runs already, so that it notices nothing: its threads are seized (PTRACE_SEIZE, ptrace(2))
// and not stopped, and nothing is written into its memory or registers. PTRACE_O_EXITKILL is not set: when the observer ends,
// in any way, the kernel lets all threads go on. That is also how they are let go, because PTRACE_DETACH would need each of
// them to be stopped first, and a call that is stopped may fail with EINTR (signal(7)).
//
// No grain finer than the life of processes. To see memory calls and writes, each system call would have to stop (only a filter
// that is set before exec selects them; measured: a loop of reads 17 times slower, and an epoll_wait that failed with EINTR as
// the first stop came). Breakpoints stay in memory when the observer is killed, and the next thread that runs into one would
// be ended by SIGTRAP.
#pragma once

#include <sys/types.h>

#include <expected>
#include <string>
#include <vector>

#include "core/model/command.h"
#include "core/model/found.h"
#include "core/model/process_key.h"

namespace procatlas {

struct Seized {
    ProcessKey key;
    FoundProcess found;  // as it was before; `threads` are those that were seized
};

struct Refused {
    AttachRefusal why = AttachRefusal::none;
    std::string detail;
};

// All threads that the process has; those that it makes from now on are seized by the kernel. After an error some of them may
// be seized: the observer should end.
[[nodiscard]] std::expected<Seized, Refused> seize_process(const LaunchCommand& command);

}  // namespace procatlas
