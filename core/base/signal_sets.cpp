#include "core/base/signal_sets.h"

#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>

namespace procatlas {
namespace {

// The kernel's calls: glibc keeps two signals to itself, and its posix_spawn leaves them ignored. The kernel's struct sigaction
// begins with the handler; flags, restorer and mask may be zero.
constexpr int signals = 64;
constexpr std::size_t set_size = sizeof(std::uint64_t);
using KernelAction = std::array<std::uintptr_t, 4>;
constexpr std::uintptr_t default_action = 0;
constexpr std::uintptr_t ignore = 1;

SignalSets current_signals() {
    SignalSets sets;
    for (int number = 1; number <= signals; ++number) {
        KernelAction action{};
        if (::syscall(SYS_rt_sigaction, number, nullptr, action.data(), set_size) == 0 && action[0] == ignore) {
            sets.ignored |= std::uint64_t{1} << (number - 1);
        }
    }
    ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, nullptr, &sets.blocked, set_size);
    return sets;
}

}  // namespace

const SignalSets& signals_at_start() {
    static const SignalSets sets = current_signals();
    return sets;
}

void set_ignored_signals(std::uint64_t ignored) {
    for (int number = 1; number <= signals; ++number) {
        const KernelAction action{(ignored >> (number - 1) & 1) != 0 ? ignore : default_action};
        ::syscall(SYS_rt_sigaction, number, action.data(), nullptr, set_size);
    }
}

void set_blocked_signals(std::uint64_t blocked) {
    ::syscall(SYS_rt_sigprocmask, SIG_SETMASK, &blocked, nullptr, set_size);
}

}  // namespace procatlas
