#include "core/observe/linux/trace/call_stop.h"

#include <elf.h>
#include <linux/audit.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>

#include <algorithm>
#include <cstddef>

#include "core/observe/linux/launch/compat_calls.h"

namespace procatlas {
namespace {

#if defined(__x86_64__)

// The number of this machine for a 32-bit call; nullopt: it is not watched.
std::optional<std::uint64_t> native_number(std::uint64_t number) {
    switch (number) {
        case compat::fork:
            return __NR_fork;
        case compat::write:
            return __NR_write;
        case compat::execve:
            return __NR_execve;
        case compat::brk:
            return __NR_brk;
        case compat::mmap:
        case compat::mmap2:
            return __NR_mmap;
        case compat::munmap:
            return __NR_munmap;
        case compat::clone:
            return __NR_clone;
        case compat::mprotect:
            return __NR_mprotect;
        case compat::writev:
            return __NR_writev;
        case compat::mremap:
            return __NR_mremap;
        case compat::vfork:
            return __NR_vfork;
        case compat::execveat:
            return __NR_execveat;
        case compat::clone3:
            return __NR_clone3;
        default:
            return std::nullopt;
    }
}

void set_register(pid_t tid, std::size_t offset, std::uint64_t value) {
    ::ptrace(PTRACE_POKEUSER, tid, offset, value);
}

#endif

}  // namespace

std::optional<CallEntry> read_call_entry(pid_t tid) {
    __ptrace_syscall_info info{};
    if (::ptrace(PTRACE_GET_SYSCALL_INFO, tid, sizeof info, &info) <= 0 || info.op != PTRACE_SYSCALL_INFO_SECCOMP) {
        return std::nullopt;
    }
    CallEntry entry{{info.seccomp.nr, {}}, static_cast<std::uint16_t>(info.seccomp.ret_data)};
    std::copy_n(info.seccomp.args, entry.call.arguments.size(), entry.call.arguments.begin());
#if defined(__x86_64__)
    if (info.arch == AUDIT_ARCH_I386) {
        const auto number = native_number(info.seccomp.nr);
        if (!number) {
            return std::nullopt;
        }
        entry.call.form = CallForm::compat;
        entry.call.arguments_in_memory = info.seccomp.nr == compat::mmap;
        entry.call.number = *number;
    }
#endif
    return entry;
}

std::optional<CallReturn> read_call_return(pid_t tid) {
    __ptrace_syscall_info info{};
    if (::ptrace(PTRACE_GET_SYSCALL_INFO, tid, sizeof info, &info) <= 0 || info.op != PTRACE_SYSCALL_INFO_EXIT) {
        return std::nullopt;
    }
    return CallReturn{info.exit.rval, {info.instruction_pointer, info.stack_pointer}};
}

#if defined(__x86_64__)

void answer_call(pid_t tid, std::int64_t result) {
    set_register(tid, offsetof(user_regs_struct, orig_rax), ~0ull);
    set_result(tid, result);
}

void take_call_back(pid_t tid) {
    constexpr std::uint64_t instruction = 2;  // the size of `syscall`, and of `int 0x80`
    user_regs_struct registers{};
    if (::ptrace(PTRACE_GETREGS, tid, nullptr, &registers) == 0) {
        registers.rip -= instruction;
        registers.rax = registers.orig_rax;
        registers.orig_rax = ~0ull;  // no call, and nothing to restart
        ::ptrace(PTRACE_SETREGS, tid, nullptr, &registers);
    }
}

void set_first_argument(pid_t tid, const PendingCall& call, std::uint64_t value) {
    const bool native = call.form == CallForm::native;
    set_register(tid, native ? offsetof(user_regs_struct, rdi) : offsetof(user_regs_struct, rbx), value);
}

void restore_first_argument(pid_t tid, const PendingCall& call) {
    set_first_argument(tid, call, call.arguments[0]);
}

void set_result(pid_t tid, std::int64_t result) {
    set_register(tid, offsetof(user_regs_struct, rax), static_cast<std::uint64_t>(result));
}

#else

void answer_call(pid_t tid, std::int64_t result) {
    int number = -1;
    iovec part{&number, sizeof number};
    ::ptrace(PTRACE_SETREGSET, tid, NT_ARM_SYSTEM_CALL, &part);
    set_result(tid, result);
}

void take_call_back(pid_t tid) {
    constexpr std::uint64_t instruction = 4;
    user_regs_struct registers{};
    iovec part{&registers, sizeof registers};
    if (::ptrace(PTRACE_GETREGSET, tid, NT_PRSTATUS, &part) == 0) {
        registers.pc -= instruction;
        ::ptrace(PTRACE_SETREGSET, tid, NT_PRSTATUS, &part);
        int number = -1;
        part = {&number, sizeof number};
        ::ptrace(PTRACE_SETREGSET, tid, NT_ARM_SYSTEM_CALL, &part);
    }
}

void set_first_argument(pid_t tid, const PendingCall&, std::uint64_t value) {
    set_result(tid, static_cast<std::int64_t>(value));  // both are x0
}

void restore_first_argument(pid_t, const PendingCall&) {}

void set_result(pid_t tid, std::int64_t result) {
    user_regs_struct registers{};
    iovec part{&registers, sizeof registers};
    if (::ptrace(PTRACE_GETREGSET, tid, NT_PRSTATUS, &part) == 0) {
        registers.regs[0] = static_cast<std::uint64_t>(result);
        ::ptrace(PTRACE_SETREGSET, tid, NT_PRSTATUS, &part);
    }
}

#endif

}  // namespace procatlas
