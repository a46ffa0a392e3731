// procatlas-relay: the helper on a machine that is watched from another one. It speaks with procatlas there on standard input
// and output, which ssh connects (relay_message.h).
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cstdio>
#include <new>

#include "core/far/relay_guard.h"
#include "core/far/relay_server.h"

namespace {

void let_writes_fail(int) {}

}  // namespace

int main(int argc, char**) {
    if (argc != 1 || ::isatty(STDIN_FILENO) == 1) {
        std::fputs("procatlas-relay: `procatlas --host` starts it on another machine; it is not for the terminal\n", stderr);
        return 1;
    }
    // A handler and not SIG_IGN: programs that we start would inherit that.
    struct sigaction action{};
    action.sa_handler = let_writes_fail;
    ::sigaction(SIGPIPE, &action, nullptr);
    try {
        const procatlas::RelayGuard guard;
        procatlas::RelayServer(STDIN_FILENO, STDOUT_FILENO).run([&guard] { guard.alive(); });
    } catch (const std::bad_alloc&) {  // what we have started ends with us
        std::fputs("procatlas-relay: there is no memory left\n", stderr);
        return 1;
    }
    return 0;
}
