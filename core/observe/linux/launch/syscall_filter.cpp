#include "core/observe/linux/launch/syscall_filter.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>

#include "core/observe/linux/launch/compat_calls.h"

#ifndef __NR_pidfd_getfd
#define __NR_pidfd_getfd 438
#endif

namespace procatlas {
namespace {

#if defined(__x86_64__)
constexpr std::uint32_t own_architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t own_architecture = AUDIT_ARCH_AARCH64;
#else
#error "the system call filter knows x86-64 and aarch64"
#endif

using Code = std::vector<sock_filter>;

constexpr sock_filter statement(unsigned code, std::uint32_t k) {
    return {static_cast<std::uint16_t>(code), 0, 0, k};
}
constexpr sock_filter jump(unsigned code, std::uint32_t k, std::size_t yes, std::size_t no) {
    return {static_cast<std::uint16_t>(BPF_JMP | BPF_K | code), static_cast<std::uint8_t>(yes), static_cast<std::uint8_t>(no),
            k};
}
constexpr sock_filter load(std::size_t offset) {
    return statement(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset));
}
// The low word of an argument (little-endian).
constexpr sock_filter load_argument(std::size_t number) {
    return load(offsetof(seccomp_data, args) + number * sizeof(std::uint64_t));
}
constexpr sock_filter answer(std::uint32_t action) {
    return statement(BPF_RET | BPF_K, action);
}

constexpr sock_filter stop = answer(SECCOMP_RET_TRACE | watched_mark);
constexpr sock_filter pass = answer(SECCOMP_RET_ALLOW);

// What is done with a call. Each ends with an answer.
Code always() {
    return {stop};
}
Code if_standard_descriptor(std::size_t argument) {
    return {load_argument(argument), jump(BPF_JGT, 2, 1, 0), stop, pass};
}
Code if_standard_or_message_descriptor(std::size_t argument) {
    return {load_argument(argument), jump(BPF_JGT, 2, 0, 1), jump(BPF_JEQ, message_descriptor, 0, 1), stop, pass};
}
Code if_other_descriptor(std::size_t argument) {
    return {load_argument(argument), jump(BPF_JGT, 2, 0, 1), stop, pass};
}
Code if_one_of(std::size_t argument, std::initializer_list<std::uint32_t> values) {
    Code code{load_argument(argument)};
    for (const std::uint32_t value : values) {
        code.insert(code.end(), {jump(BPF_JEQ, value, 0, 1), stop});
    }
    code.push_back(pass);
    return code;
}
Code if_any_bit(std::size_t argument, std::uint32_t bits) {
    return {load_argument(argument), jump(BPF_JSET, bits, 0, 1), stop, pass};
}
// A file that is opened for writing and may be there already, as a terminal is.
Code if_opened_for_writing(std::size_t argument) {
    return {load_argument(argument),
            jump(BPF_JSET, O_ACCMODE, 0, 3),
            statement(BPF_ALU | BPF_AND | BPF_K, O_CREAT | O_EXCL),
            jump(BPF_JEQ, O_CREAT | O_EXCL, 1, 0),
            stop,
            pass};
}

// Beginning with the number of the call.
void add(Code& filter, std::initializer_list<std::uint32_t> calls, const Code& code) {
    for (const std::uint32_t call : calls) {
        filter.push_back(jump(BPF_JEQ, call, 0, code.size()));
        filter.insert(filter.end(), code.begin(), code.end());
    }
}

// The calls are looked for one after the other, and the first that is found answers: write(2) may be wanted for two reasons.
void add_write(Code& filter, const FilterOptions& options) {
    if (options.output) {
        add(filter, {__NR_write}, options.messages ? if_standard_or_message_descriptor(0) : if_standard_descriptor(0));
    } else if (options.messages) {
        add(filter, {__NR_write}, if_one_of(0, {message_descriptor}));
    }
}

void add_output(Code& filter) {
    constexpr std::uint32_t duplicate_close_on_exec = F_DUPFD_CLOEXEC;
    add(filter, {__NR_writev, __NR_pwritev2, __NR_sendfile}, if_standard_descriptor(0));
    add(filter, {__NR_splice}, if_standard_descriptor(2));
    add(filter, {__NR_dup, __NR_pidfd_getfd}, always());
    add(filter, {__NR_dup3}, if_other_descriptor(1));
    add(filter, {__NR_fcntl}, if_one_of(1, {F_DUPFD, duplicate_close_on_exec}));
    add(filter, {__NR_openat}, if_opened_for_writing(2));
#ifdef __NR_openat2
    add(filter, {__NR_openat2}, always());
#endif
#ifdef __NR_open
    add(filter, {__NR_dup2}, if_other_descriptor(1));
    add(filter, {__NR_open}, if_opened_for_writing(1));
    add(filter, {__NR_creat}, always());
#endif
}

// Nobody else notices these. All other calls take turns (trace/turn_calls.h): of one that is not known, it is not known who
// notices it.
void add_private(Code& filter) {
    const Code passes{pass};
    add(filter,
        {__NR_mmap, __NR_munmap, __NR_mremap, __NR_mprotect, __NR_brk, __NR_madvise, __NR_mincore, __NR_mlock, __NR_munlock},
        passes);
    add(filter, {__NR_rt_sigreturn, __NR_sigaltstack, __NR_restart_syscall, __NR_futex, __NR_membarrier, __NR_sched_yield},
        passes);
    add(filter,
        {__NR_getpid, __NR_gettid, __NR_getuid, __NR_geteuid, __NR_getgid, __NR_getegid, __NR_getresuid, __NR_getresgid},
        passes);
    add(filter, {__NR_getgroups, __NR_getcwd, __NR_uname, __NR_sysinfo, __NR_times, __NR_getrusage, __NR_gettimeofday}, passes);
    add(filter, {__NR_clock_gettime, __NR_clock_getres, __NR_getcpu, __NR_sched_getaffinity, __NR_sched_getparam}, passes);
    add(filter, {__NR_set_tid_address, __NR_set_robust_list, __NR_get_robust_list, __NR_getrandom, __NR_prlimit64, __NR_umask},
        passes);
    add(filter, {__NR_dup, __NR_pipe2, __NR_eventfd2, __NR_epoll_create1, __NR_epoll_ctl, __NR_timerfd_create}, passes);
    add(filter, {__NR_socket, __NR_socketpair, __NR_getsockname, __NR_getpeername, __NR_setsockopt, __NR_getsockopt}, passes);
    add(filter, {__NR_ioctl, __NR_fadvise64, __NR_readahead, __NR_chdir, __NR_fchdir, __NR_fsync, __NR_fdatasync}, passes);
    add(filter, {__NR_statfs, __NR_fstatfs, __NR_personality, __NR_capget, __NR_timer_create, __NR_timer_delete, __NR_prctl},
        passes);
#ifdef __NR_rseq
    add(filter, {__NR_rseq}, passes);
#endif
#ifdef __NR_arch_prctl
    add(filter, {__NR_arch_prctl, __NR_pipe, __NR_eventfd, __NR_time, __NR_getpgrp, __NR_getrlimit}, passes);
#endif
}

// What trace/turn_calls.h knows. All of it is always stopped at, so that these come first.
void add_turns(Code& filter) {
    add(filter, {__NR_read, __NR_readv, __NR_pread64, __NR_write, __NR_writev, __NR_pwrite64, __NR_pwritev2, __NR_sendfile},
        always());
    add(filter, {__NR_splice, __NR_copy_file_range, __NR_close, __NR_lseek, __NR_ftruncate, __NR_truncate, __NR_flock},
        always());
    add(filter, {__NR_fcntl, __NR_openat, __NR_unlinkat, __NR_renameat2, __NR_mkdirat, __NR_linkat, __NR_symlinkat}, always());
    add(filter,
        {__NR_newfstatat, __NR_fstat, __NR_faccessat, __NR_faccessat2, __NR_statx, __NR_readlinkat, __NR_getdents64, __NR_dup3},
        always());
    add(filter, {__NR_wait4, __NR_waitid, __NR_kill, __NR_tkill, __NR_tgkill, __NR_rt_sigqueueinfo, __NR_rt_sigaction},
        always());
    add(filter, {__NR_rt_sigprocmask, __NR_rt_sigsuspend, __NR_rt_sigtimedwait, __NR_getppid}, always());
    add(filter, {__NR_nanosleep, __NR_clock_nanosleep, __NR_setitimer, __NR_timer_settime, __NR_timerfd_settime}, always());
    add(filter, {__NR_ppoll, __NR_pselect6, __NR_epoll_pwait}, always());
    add(filter, {__NR_sendto, __NR_recvfrom, __NR_sendmsg, __NR_recvmsg, __NR_accept, __NR_accept4, __NR_connect}, always());
    add(filter, {__NR_semop, __NR_semtimedop, __NR_msgsnd, __NR_msgrcv, __NR_shmat, __NR_exit_group, __NR_exit}, always());
#ifdef __NR_open
    add(filter, {__NR_open, __NR_creat, __NR_unlink, __NR_rename, __NR_mkdir, __NR_rmdir, __NR_link, __NR_symlink, __NR_stat},
        always());
    add(filter,
        {__NR_lstat, __NR_access, __NR_readlink, __NR_dup2, __NR_pause, __NR_poll, __NR_select, __NR_epoll_wait, __NR_alarm},
        always());
#endif
}

Code native_filter(const FilterOptions& options) {
    Code filter{load(offsetof(seccomp_data, nr))};
    if (options.turns) {
        add_turns(filter);
        if (!options.memory) {
            add(filter, {__NR_mmap}, if_any_bit(3, MAP_SHARED));
        }
    }
    if (options.memory) {
        add(filter, {__NR_brk, __NR_mmap, __NR_munmap, __NR_mremap, __NR_mprotect}, always());
    }
    add(filter, {__NR_execve, __NR_execveat, __NR_clone3}, always());
    add(filter, {__NR_clone}, options.forks ? always() : if_any_bit(0, CLONE_UNTRACED));
#ifdef __NR_fork
    if (options.forks) {
        add(filter, {__NR_fork, __NR_vfork}, always());
    }
#endif
    add(filter, {__NR_ptrace}, if_one_of(0, {PTRACE_TRACEME, PTRACE_ATTACH, PTRACE_SEIZE}));
    add(filter, {__NR_seccomp}, if_one_of(0, {SECCOMP_SET_MODE_STRICT}));
    add(filter, {__NR_prctl},
        if_one_of(0, {PR_GET_SECCOMP, PR_SET_SECCOMP, PR_SET_NO_NEW_PRIVS, PR_GET_NO_NEW_PRIVS, PR_SET_DUMPABLE}));
    add(filter,
        {__NR_setuid, __NR_setgid, __NR_setreuid, __NR_setregid, __NR_setresuid, __NR_setresgid, __NR_setfsuid, __NR_setfsgid,
         __NR_capset},
        always());
    if (options.elsewhere) {
        add(filter, {__NR_write, __NR_writev, __NR_pwrite64, __NR_pwritev2, __NR_sendfile, __NR_splice}, always());
        add(filter, {__NR_copy_file_range, __NR_sendto, __NR_sendmsg}, always());
    }
    add_write(filter, options);
    if (options.output) {
        add_output(filter);
    }
    if (options.turns) {
        add_private(filter);
    }
    filter.push_back(options.turns ? stop : pass);
    return filter;
}

#if defined(__x86_64__)
Code compat_filter(const FilterOptions& options) {
    Code filter{load(offsetof(seccomp_data, nr))};
    add(filter, {compat::execve, compat::execveat, compat::clone3}, always());
    add(filter, {compat::clone}, options.forks ? always() : if_any_bit(0, CLONE_UNTRACED));
    if (options.forks) {
        add(filter, {compat::fork, compat::vfork}, always());
    }
    if (options.memory) {
        add(filter, {compat::brk, compat::mmap, compat::mmap2, compat::munmap, compat::mremap, compat::mprotect}, always());
    }
    if (options.output) {
        add(filter, {compat::write, compat::writev}, if_standard_descriptor(0));
    }
    filter.push_back(pass);
    return filter;
}
#endif

// `native` for the calls of this machine.
void add_for_this_machine(Code& filter, const Code& native, const Code& otherwise) {
    // The way over `native` may be longer than a conditional jump.
    filter.insert(filter.end(), {load(offsetof(seccomp_data, arch)), jump(BPF_JEQ, own_architecture, 1, 0),
                                 statement(BPF_JMP | BPF_JA, static_cast<std::uint32_t>(native.size()))});
    filter.insert(filter.end(), native.begin(), native.end());
    filter.insert(filter.end(), otherwise.begin(), otherwise.end());
}

}  // namespace

std::vector<sock_filter> make_syscall_filter(const FilterOptions& options) {
    Code otherwise;
#if defined(__x86_64__)
    const Code compat = compat_filter(options);
    otherwise = {jump(BPF_JEQ, AUDIT_ARCH_I386, 1, 0), pass};
    otherwise.insert(otherwise.end(), compat.begin(), compat.end());
#else
    otherwise = {pass};
#endif
    Code filter;
    add_for_this_machine(filter, native_filter(options), otherwise);
    return filter;
}

std::vector<sock_filter> make_descriptor_filter(std::int32_t descriptor) {
    const auto number = static_cast<std::uint32_t>(descriptor);
    Code native{load(offsetof(seccomp_data, nr))};
    add(native, {__NR_write, __NR_writev, __NR_pwritev2, __NR_sendfile}, if_one_of(0, {number}));
    add(native, {__NR_splice}, if_one_of(2, {number}));
    native.push_back(pass);
    Code filter;
    add_for_this_machine(filter, native, {pass});
    return filter;
}

std::vector<sock_filter> make_strict_filter() {
    const Code allowed{pass};
    const sock_filter forbid = answer(SECCOMP_RET_TRACE | forbidden_mark);
    Code native{load(offsetof(seccomp_data, nr))};
    add(native, {__NR_read, __NR_write, __NR_exit, __NR_rt_sigreturn}, allowed);
    native.push_back(forbid);
    Code filter;
    add_for_this_machine(filter, native, {forbid});
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
