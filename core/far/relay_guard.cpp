#include "core/far/relay_guard.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <utility>

namespace procatlas {

namespace {

// In the process of its own. It keeps nothing of ours open: ssh waits for the end of our output.
[[noreturn]] void watch(int signs, int relay) {
    ::setsid();  // whoever stops a group or a terminal's programs does not stop this one
    ::prctl(PR_SET_NAME, "relay-guard");
    constexpr int kept_signs = 0;
    constexpr int kept_relay = 1;
    const int relay_there = ::fcntl(relay, F_DUPFD, 3);
    ::dup2(signs, kept_signs);
    ::dup2(relay_there, kept_relay);
    ::syscall(SYS_close_range, 2U, ~0U, 0U);
    for (int silent = 0; silent < RelayGuard::patience; ++silent) {
        pollfd ready{kept_signs, POLLIN, 0};
        constexpr int second = 1000;
        if (::poll(&ready, 1, second) > 0) {
            std::array<char, 64> bytes;
            if (::read(kept_signs, bytes.data(), bytes.size()) <= 0) {
                ::_exit(0);  // the relay has ended
            }
            silent = -1;
        }
    }
    ::syscall(SYS_pidfd_send_signal, kept_relay, SIGKILL, nullptr, 0U);
    ::_exit(0);
}

}  // namespace

RelayGuard::RelayGuard() {
    std::array<int, 2> pipe{};
    const UniqueFd relay(static_cast<int>(::syscall(SYS_pidfd_open, ::getpid(), 0U)));
    if (!relay || ::pipe2(pipe.data(), O_CLOEXEC) != 0) {
        return;
    }
    const UniqueFd theirs(pipe[0]);
    UniqueFd ours(pipe[1]);
    ::fcntl(ours.get(), F_SETFL, O_NONBLOCK);
    const pid_t guard = ::fork();
    if (guard == 0) {
        watch(theirs.get(), relay.get());
    }
    if (guard > 0) {
        signs_ = std::move(ours);
    }
}

void RelayGuard::alive() const {
    constexpr char sign = 1;
    [[maybe_unused]] const ssize_t put = ::write(signs_.get(), &sign, 1);
}

}  // namespace procatlas
