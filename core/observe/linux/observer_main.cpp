// procatlas-observer: follows one program and speaks the event stream on one descriptor, takes commands on it.
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <new>
#include <string_view>

#include "core/base/signal_sets.h"
#include "core/base/start_descriptors.h"
#include "core/observe/linux/observer_loop.h"
#include "core/observe/linux/probe.h"
#include "core/observe/linux/proc/proc_status.h"

#ifdef PROCATLAS_SANITIZED
// To look for leaks the sanitizer stops us by ptrace, and can wait for ever where our tracees wait for us.
extern "C" const char* __asan_default_options();  // NOLINT(bugprone-reserved-identifier): the sanitizer's name
extern "C" const char* __asan_default_options() {
    return "detect_leaks=0";
}
#endif

namespace {

void wake_up(int) {}

// Any tracee may send a signal to its parent, and whoever watches has other means to end us. Handlers, not SIG_IGN: what is
// ignored would stay so in the programs that we start.
void catch_signal(int signal, bool even_if_ignored) {
    struct sigaction old{};
    struct sigaction action{};
    ::sigaction(signal, nullptr, &old);
    action.sa_handler = wake_up;
    if (even_if_ignored || old.sa_handler != SIG_IGN) {
        ::sigaction(signal, &action, nullptr);
    }
}

// SIGTERM and the like end us, unless a program that we trace has sent them: to it we are the parent, as a shell would be.
// Async-signal-safe. The sender is stopped or running still, because nothing of ours ends without us.
void end_unless_by_tracee(int signal, siginfo_t* info, void*) {
    const int error = errno;
    if (info->si_code > 0 || !procatlas::is_traced_by_us(info->si_pid)) {
        ::signal(signal, SIG_DFL);
        ::raise(signal);
    }
    errno = error;
}

void survive_tracees(int signal) {
    struct sigaction old{};
    struct sigaction action{};
    ::sigaction(signal, nullptr, &old);
    action.sa_sigaction = end_unless_by_tracee;
    action.sa_flags = SA_SIGINFO;
    if (old.sa_handler == SIG_DFL) {
        ::sigaction(signal, &action, nullptr);
    }
}

void prepare_signals() {
    for (const int signal : {SIGTERM, SIGUSR1, SIGUSR2, SIGVTALRM, SIGPROF, SIGIO, SIGPWR, SIGSTKFLT, SIGXCPU, SIGXFSZ}) {
        survive_tracees(signal);
    }
    for (int signal = SIGRTMIN; signal <= SIGRTMAX; ++signal) {
        survive_tracees(signal);
    }

    catch_signal(SIGCHLD, true);
    catch_signal(SIGALRM, true);
    for (const int signal : {SIGPIPE, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGTERM, SIGUSR1, SIGUSR2, SIGXFSZ}) {
        catch_signal(signal, false);
    }
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGCHLD);
    sigaddset(&blocked, SIGTTOU);
    ::sigprocmask(SIG_SETMASK, &blocked, nullptr);  // whatever we got: the watchdog needs SIGALRM, our end SIGTERM
}

}  // namespace

int main(int argc, char** argv) {
    using namespace procatlas;
    (void)signals_at_start();
    if (argc == 2 && std::string_view(argv[1]) == "--probe") {
        std::fputs(probe_text().c_str(), stdout);
        return 0;
    }
    // The stream is descriptor N, or standard input and output (the far end of ssh).
    int in = STDIN_FILENO;
    int out = STDOUT_FILENO;
    if (argc == 3 && std::string_view(argv[1]) == "--descriptor") {
        const std::string_view number = argv[2];
        if (std::from_chars(number.data(), number.data() + number.size(), in).ec != std::errc{}) {
            std::fputs("procatlas-observer: --descriptor takes a number\n", stderr);
            return 2;
        }
        out = in;
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // whoever watches may die in any way
    } else if (argc != 1) {
        std::fputs("usage: procatlas-observer [--descriptor N | --probe]\n", stderr);
        return 2;
    }
    ::fcntl(in, F_SETFD, FD_CLOEXEC);
    (void)descriptors_at_start();
    ::fcntl(out, F_SETFL, ::fcntl(out, F_GETFL) | O_NONBLOCK);
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    prepare_signals();
    try {
        return ObserverLoop(in, out).run();
    } catch (const std::bad_alloc&) {  // the kernel ends the tracees with us
        std::fputs("procatlas-observer: there is no memory left\n", stderr);
        return 1;
    }
}
