// What /proc says of a process that nobody has followed from its start (proc(5)): stat, cmdline, exe, task. None of it stops or
// disturbs the process, and most of it is told to everybody.
#pragma once

#include <sys/types.h>

#include <vector>

#include "core/base/result.h"
#include "core/model/found.h"
#include "core/model/process_key.h"
#include "core/observe/linux/proc/proc_stat.h"

namespace procatlas {

struct FoundNow {
    ProcessKey key;
    FoundProcess process;  // without ancestors
};

// Error ENOENT or ESRCH: there is no such process.
[[nodiscard]] Result<FoundNow> read_found_process(pid_t pid);

[[nodiscard]] FoundState found_state_of(const ProcStat& stat);

// The numbers of its threads, ascending; empty: it is gone.
[[nodiscard]] std::vector<pid_t> read_threads(pid_t pid);

// The living and dead children of a process, by all of its threads. Error ENOENT: it is gone, or the kernel does not tell
// (CONFIG_PROC_CHILDREN).
[[nodiscard]] Result<std::vector<pid_t>> read_children(pid_t pid);

// Its parent first, up to PID 1 of our namespace, or as far as we see.
[[nodiscard]] std::vector<Ancestor> read_ancestors(pid_t pid);

}  // namespace procatlas
