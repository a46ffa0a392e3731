#include "app/cli/end_signals.h"

#include <initializer_list>

namespace procatlas {
namespace {

// The only things that signal handlers write.
// NOLINTBEGIN(cppcoreguidelines-avoid-non-const-global-variables)
volatile sig_atomic_t interrupts_seen = 0;
volatile sig_atomic_t requests_seen = 0;
volatile sig_atomic_t last_request = 0;
// NOLINTEND(cppcoreguidelines-avoid-non-const-global-variables)

void take_signal(int signal) {
    if (signal == SIGINT) {
        interrupts_seen = interrupts_seen + 1;
    } else {
        requests_seen = requests_seen + 1;
        last_request = signal;
    }
}

void let_writes_fail(int) {}

bool is_ignored(int signal) {
    struct sigaction old{};
    return ::sigaction(signal, nullptr, &old) == 0 && old.sa_handler == SIG_IGN;
}

void handle(int signal, void (*handler)(int)) {
    struct sigaction action{};
    action.sa_handler = handler;
    ::sigaction(signal, &action, nullptr);
}

}  // namespace

EndSignals::EndSignals() {
    sigemptyset(&handled_);
    ::sigprocmask(SIG_SETMASK, nullptr, &waiting_);
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGALRM, SIGVTALRM, SIGXCPU, SIGUSR1, SIGUSR2}) {
        if (signal == SIGINT || signal == SIGTERM || !is_ignored(signal)) {
            handle(signal, take_signal);
            sigaddset(&handled_, signal);
            sigdelset(&waiting_, signal);
        }
    }
    // Handlers instead of SIG_IGN, because programs that we start would inherit an ignored signal.
    handle(SIGPIPE, let_writes_fail);
    handle(SIGXFSZ, let_writes_fail);
}

void EndSignals::block() {
    ::sigprocmask(SIG_BLOCK, &handled_, nullptr);
}

void EndSignals::unblock() {
    ::sigprocmask(SIG_UNBLOCK, &handled_, nullptr);
}

void EndSignals::take_pending() {
    sigset_t pending{};
    sigset_t ours{};
    ::sigpending(&pending);
    ::sigandset(&ours, &pending, &handled_);
    if (::sigisemptyset(&ours) == 0) {
        unblock();
        block();
    }
}

int EndSignals::interrupts() const {
    return interrupts_seen;
}

int EndSignals::requests() const {
    return requests_seen;
}

int EndSignals::request() const {
    return last_request;
}

}  // namespace procatlas
