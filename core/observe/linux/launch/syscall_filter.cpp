#include "core/observe/linux/launch/syscall_filter.h"

#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <cstddef>
#include <cstdint>

namespace procatlas {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t own_architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t own_architecture = AUDIT_ARCH_AARCH64;
#else
#error "the system call filter knows x86-64 and aarch64"
#endif

constexpr sock_filter statement(unsigned code, std::uint32_t k) {
    return {static_cast<std::uint16_t>(code), 0, 0, k};
}
constexpr sock_filter jump_equal(std::uint32_t k, std::uint8_t yes, std::uint8_t no) {
    return {static_cast<std::uint16_t>(BPF_JMP | BPF_JEQ | BPF_K), yes, no, k};
}
constexpr sock_filter load(std::size_t offset) {
    return statement(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset));
}
constexpr sock_filter answer(std::uint32_t action) {
    return statement(BPF_RET | BPF_K, action);
}

}  // namespace

std::vector<sock_filter> make_syscall_filter(const FilterOptions& options) {
    std::vector<std::uint32_t> calls{__NR_execve, __NR_execveat};
    if (options.memory) {
        calls.insert(calls.end(), {__NR_brk, __NR_mmap, __NR_munmap, __NR_mremap, __NR_mprotect});
    }
    if (options.forks) {
        calls.insert(calls.end(), {__NR_clone, __NR_clone3});
#ifdef __NR_fork
        calls.insert(calls.end(), {__NR_fork, __NR_vfork});
#endif
    }
    std::vector<sock_filter> filter{
        load(offsetof(seccomp_data, arch)),
        jump_equal(own_architecture, 1, 0),
        answer(SECCOMP_RET_ALLOW),
        load(offsetof(seccomp_data, nr)),
    };
    for (const std::uint32_t call : calls) {
        filter.push_back(jump_equal(call, 0, 1));
        filter.push_back(answer(SECCOMP_RET_TRACE));
    }
    if (options.output) {
        // The little-endian low word of the first argument: the descriptor.
        filter.insert(filter.end(), {
                                        jump_equal(__NR_write, 1, 0),
                                        jump_equal(__NR_writev, 0, 4),
                                        load(offsetof(seccomp_data, args)),
                                        jump_equal(1, 1, 0),
                                        jump_equal(2, 0, 1),
                                        answer(SECCOMP_RET_TRACE),
                                    });
    }
    filter.push_back(answer(SECCOMP_RET_ALLOW));
    return filter;
}

bool install_syscall_filter(std::vector<sock_filter>& filter) {
    const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
    if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0) {
        return true;
    }
    return ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

}  // namespace procatlas
