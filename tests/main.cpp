#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>

#include "core/base/signal_sets.h"
#include "core/base/start_descriptors.h"

// The programs that tests start ignore, block and have open what the tests do. Whoever runs these may ignore SIGINT, as in the
// background, and have files open.
int main(int count, char** words) {
    const procatlas::SignalSets& inherited = procatlas::signals_at_start();
    for (int number = 1; number < NSIG; ++number) {
        if ((inherited.ignored >> (number - 1) & 1) != 0) {
            (void)::signal(number, SIG_DFL);
        }
    }
    procatlas::set_blocked_signals(0);
    for (const int number : procatlas::descriptors_at_start()) {
        (void)::fcntl(number, F_SETFD, FD_CLOEXEC);
    }
    return doctest::Context(count, words).run();
}
