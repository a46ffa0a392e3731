// Which system calls a tracee stops at, chosen by a seccomp filter so that all others run at full speed (seccomp(2)).
#pragma once

#include <linux/filter.h>

#include <cstdint>
#include <vector>

namespace procatlas {

struct FilterOptions {
    bool memory = true;      // brk, mmap, munmap, mremap, mprotect
    bool output = true;      // writes to descriptors 0 to 2, and all calls that may make another one lead to the terminal
    bool elsewhere = false;  // and all other writes, to whatever descriptor
    bool messages = false;   // writes to `message_descriptor`, with which a Python program tells of itself
    bool turns = false;      // all that other processes could notice: files, pipes, waits, signals (trace/turn_calls.h)
    bool forks = true;       // fork, vfork, clone and clone3, for the state of the pages before them
};

// No process has it: the most that a kernel allows (fs.nr_open) is below it by default.
inline constexpr std::uint32_t message_descriptor = 1u << 28;

// The data of our SECCOMP_RET_TRACE: that of a filter of the program's own is another one, and the program means no tracer by
// it.
inline constexpr std::uint16_t watched_mark = 0x7061;
// A call that strict mode forbids.
inline constexpr std::uint16_t forbidden_mark = 0x7062;

// Always in it: exec (for those that fail, and for the map before it), clones that want to escape a tracer, requests to become
// one, and what a program asks of its own filters. Of a 32-bit program's calls (x86), exec, memory, fork and writes to 0 to 2.
[[nodiscard]] std::vector<sock_filter> make_syscall_filter(const FilterOptions& options);

// To be added to it: stops at writes to one more descriptor.
[[nodiscard]] std::vector<sock_filter> make_descriptor_filter(std::int32_t descriptor);
// What SECCOMP_MODE_STRICT allows (seccomp(2)): the kernel refuses that mode where there is a filter already.
[[nodiscard]] std::vector<sock_filter> make_strict_filter();

// Puts the filter on the calling process. Async-signal-safe. False: errno says why. Without CAP_SYS_ADMIN sets no_new_privs
// first.
[[nodiscard]] bool install_syscall_filter(std::vector<sock_filter>& filter);

}  // namespace procatlas
