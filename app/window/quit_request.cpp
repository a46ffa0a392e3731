#include "app/window/quit_request.h"

#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

namespace procatlas {
namespace {

// The only things that the handler reads and writes.
// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables)
volatile sig_atomic_t quit_signal = 0;
volatile sig_atomic_t quit_descriptor = -1;
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)

void ask_to_quit(int signal) {
    const int error = errno;
    const std::uint64_t one = 1;
    quit_signal = signal;
    [[maybe_unused]] const auto put = ::write(quit_descriptor, &one, sizeof one);
    errno = error;
}

void let_writes_to_nobody_fail(int) {}

void handle_signal(int signal, void (*handler)(int)) {
    struct sigaction old{};
    struct sigaction action{};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    if (::sigaction(signal, nullptr, &old) == 0 && old.sa_handler != SIG_IGN) {
        ::sigaction(signal, &action, nullptr);
    }
}

}  // namespace

QuitRequest::QuitRequest() : wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    quit_descriptor = wake_.get();
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
        handle_signal(signal, ask_to_quit);
    }
    handle_signal(SIGXFSZ, let_writes_to_nobody_fail);
}

QuitRequest::~QuitRequest() {
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
        handle_signal(signal, SIG_DFL);
    }
    quit_descriptor = -1;
}

int QuitRequest::signal() const {
    return quit_signal;
}

}  // namespace procatlas
