// Which system calls a tracee stops at, chosen by a seccomp filter so that all others run at full speed (seccomp(2)).
#pragma once

#include <linux/filter.h>

#include <vector>

namespace procatlas {

struct FilterOptions {
    bool memory = true;  // brk, mmap, munmap, mremap, mprotect
    bool output = true;  // write and writev to descriptors 1 and 2
    bool forks = true;   // fork, vfork, clone and clone3, for the state of the pages before them
};

// Exec (for those that fail, and for the map before it) is always in it. Calls of another architecture pass unseen.
[[nodiscard]] std::vector<sock_filter> make_syscall_filter(const FilterOptions& options);

// Puts the filter on the calling process. Async-signal-safe. False: errno says why. Without CAP_SYS_ADMIN sets no_new_privs
// first.
[[nodiscard]] bool install_syscall_filter(std::vector<sock_filter>& filter);

}  // namespace procatlas
