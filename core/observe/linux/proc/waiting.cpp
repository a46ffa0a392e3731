#include "core/observe/linux/proc/waiting.h"

#include <sys/syscall.h>

#include <charconv>
#include <cstdint>
#include <string>

#include "core/observe/linux/proc/proc_file.h"

namespace procatlas {
namespace {

WaitingFor waiting_at(pid_t thread, std::uint64_t descriptor) {
    const auto target = read_proc_link(thread, ("fd/" + std::to_string(descriptor)).c_str());
    if (!target) {
        return WaitingFor::other;
    }
    if (target->starts_with("/dev/pts/") || target->starts_with("/dev/tty")) {
        return WaitingFor::terminal;
    }
    return target->starts_with("pipe:")     ? WaitingFor::pipe
           : target->starts_with("socket:") ? WaitingFor::socket
                                            : WaitingFor::other;
}

// waitpid(2) for one child gives its PID; for any, or for a group, a number that is not positive.
std::int32_t child_of(std::uint64_t argument) {
    const auto pid = static_cast<std::int32_t>(argument);
    return pid > 0 ? pid : 0;
}

WaitsEvent meaning_of(pid_t thread, const KernelCall& call) {
    switch (call.number) {
        case SYS_wait4:
            return {WaitingFor::child, child_of(call.first)};
        case SYS_waitid:
            return {WaitingFor::child, 0};
        case SYS_read:
        case SYS_readv:
            return {waiting_at(thread, call.first), 0};
        case SYS_write:
        case SYS_writev: {
            const WaitingFor what = waiting_at(thread, call.first);
            return {what == WaitingFor::terminal ? WaitingFor::other : what, 0};  // nobody takes what was written
        }
        case SYS_nanosleep:
        case SYS_clock_nanosleep:
            return {WaitingFor::time, 0};
        case SYS_futex:
            return {WaitingFor::lock, 0};
        case SYS_rt_sigsuspend:
        case SYS_rt_sigtimedwait:
#ifdef SYS_pause
        case SYS_pause:
#endif
            return {WaitingFor::signal, 0};
#ifdef SYS_poll
        case SYS_poll:
        case SYS_select:
        case SYS_epoll_wait:
#endif
        case SYS_ppoll:
        case SYS_pselect6:
        case SYS_epoll_pwait:
            return {WaitingFor::input, 0};
        default:
            return {WaitingFor::other, 0};
    }
}

}  // namespace

std::optional<KernelCall> parse_kernel_call(std::string_view text) {
    KernelCall call;
    const auto number = std::from_chars(text.data(), text.data() + text.size(), call.number);
    if (number.ec != std::errc()) {
        return std::nullopt;
    }
    text.remove_prefix(static_cast<std::size_t>(number.ptr - text.data()));
    if (call.number >= 0) {
        if (!text.starts_with(" 0x") ||
            std::from_chars(text.data() + 3, text.data() + text.size(), call.first, 16).ec != std::errc()) {
            return std::nullopt;
        }
    }
    return call;
}

std::optional<WaitsEvent> read_waiting(pid_t thread) {
    const auto text = read_small_proc_file(thread, "syscall");
    const auto call = text ? parse_kernel_call(*text) : std::nullopt;
    return call ? std::optional(meaning_of(thread, *call)) : std::nullopt;
}

}  // namespace procatlas
