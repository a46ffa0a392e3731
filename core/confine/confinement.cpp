#include "core/confine/confinement.h"

#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <memory>
#include <string_view>
#include <type_traits>

namespace procatlas {
namespace {

using Filter =
    std::unique_ptr<std::remove_pointer_t<scmp_filter_ctx>, decltype([](scmp_filter_ctx filter) { seccomp_release(filter); })>;

// Calls that change nothing outside the process. libseccomp knows which of them an architecture has.
constexpr std::array allowed_calls{
    // files that are open, and what lies where
    "read", "pread64", "readv", "preadv", "write", "writev", "close", "fstat", "newfstatat", "stat", "lstat", "statx", "statfs",
    "fstatfs", "lseek", "readlink", "readlinkat", "getdents64", "access", "faccessat", "faccessat2", "fcntl", "dup", "getcwd",
    "poll", "ppoll",
    "ioctl",  // PROCMAP_QUERY
    // memory
    "mmap", "munmap", "mprotect", "mremap", "madvise", "brk",
    // the process itself
    "futex", "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "sigaltstack", "getpid", "gettid", "getppid", "getuid",
    "geteuid", "getgid", "getegid", "getrusage", "getrlimit", "setrlimit", "prlimit64", "getrandom", "clock_gettime",
    "sched_yield", "sched_getaffinity", "uname", "sysinfo", "rseq", "set_robust_list", "restart_syscall", "exit", "exit_group",
    "tgkill",  // abort(3); see below
};

int allow_if(const Filter& filter, int call, const scmp_arg_cmp& condition) {
    return seccomp_rule_add_array(filter.get(), SCMP_ACT_ALLOW, call, 1, &condition);
}

int allow(const Filter& filter, std::string_view name) {
    const int call = seccomp_syscall_resolve_name(name.data());
    if (call == __NR_SCMP_ERROR) {
        return 0;  // this libseccomp is older than the call
    }
    if (name == "tgkill") {
        return allow_if(filter, call,
                        {.arg = 0, .op = SCMP_CMP_EQ, .datum_a = static_cast<scmp_datum_t>(::getpid()), .datum_b = 0});
    }
    return seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 0);
}

// Allows `call`, whose argument number `argument` holds the flags of open(2), only to read.
int allow_to_read(const Filter& filter, int call, unsigned argument) {
    constexpr scmp_datum_t to_change = O_ACCMODE | O_CREAT | O_TRUNC | (O_TMPFILE & ~O_DIRECTORY);
    return allow_if(filter, call, {.arg = argument, .op = SCMP_CMP_MASKED_EQ, .datum_a = to_change, .datum_b = O_RDONLY});
}

}  // namespace

Result<void> confine_to_reading() {
    const Filter filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)));
    int error = filter ? 0 : -ENOMEM;
    for (const char* name : allowed_calls) {
        error = error != 0 ? error : allow(filter, name);
    }
    error = error != 0 ? error : allow_to_read(filter, SCMP_SYS(open), 1);
    error = error != 0 ? error : allow_to_read(filter, SCMP_SYS(openat), 2);
    error = error != 0 ? error : seccomp_load(filter.get());
    if (error != 0) {
        return std::unexpected(Error{"the kernel refused the reader's filter of system calls", -error});
    }
    return {};
}

Result<void> become(const Identity& identity) {
    const gid_t group = identity.groups.front();
    if (::setgroups(identity.groups.size(), identity.groups.data()) != 0 || ::setresgid(group, group, group) != 0 ||
        ::setresuid(identity.user, identity.user, identity.user) != 0) {
        return std::unexpected(system_error("cannot become another user", errno));
    }
    ::prctl(PR_SET_DUMPABLE, 1);  // else /proc/self belongs to root, and descriptors cannot be opened again
    return {};
}

void keep_capabilities(std::initializer_list<int> kept) {
    if (::geteuid() != 0) {
        return;
    }
    __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> now{};
    if (::syscall(SYS_capget, &header, now.data()) != 0) {
        return;
    }
    std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> wanted{};
    for (const int capability : kept) {
        const auto word = static_cast<std::size_t>(CAP_TO_INDEX(capability));
        const std::uint32_t bit = CAP_TO_MASK(capability) & now[word].permitted;
        wanted[word].permitted |= bit;
        wanted[word].effective |= bit;
    }
    ::syscall(SYS_capset, &header, wanted.data());
}

void limit_resource(int resource, std::uint64_t most) {
    const auto what = static_cast<decltype(RLIMIT_AS)>(resource);
    rlimit limit{};
    ::getrlimit(what, &limit);
    limit.rlim_cur = std::min<rlim_t>(most, limit.rlim_max);  // RLIM_INFINITY is the largest number
    ::setrlimit(what, &limit);
}

void confine_program([[maybe_unused]] std::uint64_t most_memory) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a parent that ended before this line has closed descriptor 0
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    limit_resource(RLIMIT_CORE, 0);
#ifndef PROCATLAS_SANITIZED
    limit_resource(RLIMIT_AS, most_memory);
    (void)confine_to_reading();
#endif
}

}  // namespace procatlas
