// /proc/PID/stat (proc(5)): who a process is, who its parent is, and where the kernel says its memory's parts start.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/model/address_space.h"

namespace procatlas {

struct ProcStat {
    char state = '?';
    std::string name;  // raw: the program's file, or what the process calls itself
    pid_t parent = 0;
    pid_t session = 0;
    bool kernel_thread = false;
    std::uint64_t threads = 0;
    std::uint64_t waited_faults = 0;  // minor faults of the children that it has waited for: cminflt
    std::uint64_t start_ticks = 0;
    AddressMarks marks;  // without `entry`; zero where the reader has no right to see them
};

// One line. Error: not such a line (the name may hold spaces, newlines and parentheses).
[[nodiscard]] Result<ProcStat> parse_proc_stat(std::string_view line);

// Error ENOENT or ESRCH: the process is gone.
[[nodiscard]] Result<ProcStat> read_proc_stat(pid_t pid);

}  // namespace procatlas
