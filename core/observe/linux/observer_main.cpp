// procatlas-observer: follows one program and speaks the event stream on one descriptor, takes commands on it.
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <new>
#include <string_view>

#include "core/observe/linux/observer_loop.h"
#include "core/observe/linux/probe.h"

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

void prepare_signals() {
    catch_signal(SIGCHLD, true);
    catch_signal(SIGALRM, true);
    for (const int signal : {SIGPIPE, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGTERM, SIGUSR1, SIGUSR2, SIGXFSZ}) {
        catch_signal(signal, false);
    }
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGCHLD);
    sigaddset(&blocked, SIGTTOU);
    ::sigprocmask(SIG_BLOCK, &blocked, nullptr);
}

}  // namespace

int main(int argc, char** argv) {
    using namespace procatlas;
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
