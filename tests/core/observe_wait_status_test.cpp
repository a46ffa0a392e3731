// Compares WaitStatus with what waitpid(2) and ptrace(2) say about the numbers.
#include "core/observe/linux/trace/wait_status.h"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/core/observe_support.h"

using namespace procatlas;
using namespace procatlas::observing;
using Kind = WaitStatus::Kind;

TEST_CASE("the status of a process that has ended says how it ended, and is not a stop") {
    const WaitStatus exited(3 << 8);
    CHECK(exited.kind() == Kind::exited);
    CHECK(exited.exit_code() == 3);
    CHECK(exited.is_end());
    CHECK_FALSE(exited.is_stop());
    const WaitStatus dumped(SIGSEGV | 0x80);
    CHECK(dumped.kind() == Kind::killed);
    CHECK(dumped.signal() == SIGSEGV);
    CHECK(dumped.has_core_dump());
    CHECK_FALSE(WaitStatus(SIGKILL).has_core_dump());
    CHECK(WaitStatus(SIGKILL).is_end());
}

TEST_CASE("WaitStatus makes each event of ptrace a kind of stop of its own") {
    CHECK(stop_status(SIGTRAP, PTRACE_EVENT_FORK).kind() == Kind::fork);
    CHECK(stop_status(SIGTRAP, PTRACE_EVENT_VFORK).kind() == Kind::vfork);
    CHECK(stop_status(SIGTRAP, PTRACE_EVENT_CLONE).kind() == Kind::clone);
    CHECK(stop_status(SIGTRAP, PTRACE_EVENT_EXEC).kind() == Kind::exec);
    CHECK(stop_status(SIGTRAP, PTRACE_EVENT_EXIT).kind() == Kind::exit_stop);
    CHECK(stop_status(SIGTRAP, PTRACE_EVENT_SECCOMP).kind() == Kind::call_entry);
    CHECK(stop_status(SIGTRAP | 0x80).kind() == Kind::call_return);
    CHECK(stop_status(SIGTRAP, PTRACE_EVENT_VFORK_DONE).kind() == Kind::unknown);
    CHECK(stop_status(SIGTRAP, PTRACE_EVENT_VFORK_DONE).is_stop());
}

TEST_CASE("the signal distinguishes a group stop from a thread's first stop") {
    for (const int signal : {SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU}) {
        CHECK(stop_status(signal, PTRACE_EVENT_STOP).kind() == Kind::group_stop);
        CHECK(stop_status(signal, PTRACE_EVENT_STOP).signal() == signal);
    }
    CHECK(stop_status(SIGTRAP, PTRACE_EVENT_STOP).kind() == Kind::event_stop);
    CHECK(stop_status(SIGTRAP, PTRACE_EVENT_STOP).signal() == 0);
}

TEST_CASE("a signal to be delivered is reported as that signal, even if it belongs to job control") {
    CHECK(stop_status(SIGUSR1).kind() == Kind::signal);
    CHECK(stop_status(SIGUSR1).signal() == SIGUSR1);
    CHECK(stop_status(SIGSTOP).kind() == Kind::signal);
    CHECK(stop_status(SIGTRAP).kind() == Kind::signal);
}

TEST_CASE("a process that continues is neither stopped nor ended") {
    const WaitStatus continued(0xffff);
    CHECK_FALSE(continued.is_stop());
    CHECK_FALSE(continued.is_end());
}

TEST_CASE("the status of a real child is parsed as <sys/wait.h> does") {
    IdleChild child;
    ::kill(child.pid(), SIGTERM);
    const WaitStatus status = child.wait();
    CHECK(status.kind() == Kind::killed);
    CHECK(status.signal() == SIGTERM);
}
