#include "core/observe/linux/trace/signals.h"

#include <doctest/doctest.h>
#include <signal.h>

#include "tests/core/observe_support.h"

using namespace procatlas;
using namespace procatlas::observing;

TEST_CASE("the sender of a signal is reported only if a process sent it") {
    siginfo_t info{};
    info.si_signo = SIGUSR1;
    info.si_pid = 42;
    for (const int code : {SI_USER, SI_TKILL, SI_QUEUE}) {
        info.si_code = code;
        CHECK(signal_event(SIGUSR1, info).sender_pid == 42);
    }
    info.si_code = SI_KERNEL;
    CHECK(signal_event(SIGUSR1, info).sender_pid == 0);
    info.si_signo = SIGCHLD;
    info.si_code = CLD_EXITED;
    CHECK(signal_event(SIGCHLD, info).sender_pid == 42);
}

TEST_CASE("a hardware fault has an address, and a signal sent by a process has none") {
    siginfo_t info{};
    info.si_signo = SIGSEGV;
    info.si_code = SEGV_MAPERR;
    info.si_addr = reinterpret_cast<void*>(0x1000);
    CHECK(signal_event(SIGSEGV, info).address == 0x1000);
    info.si_code = SI_USER;
    CHECK_FALSE(signal_event(SIGSEGV, info).address);
}

TEST_CASE("Signals keeps a signal for delivery, and only SIGCHLD never holds") {
    IdleChild child;
    Parts parts;
    TracedThread& thread = parts.stopped_first(child.pid());
    CHECK(parts.signals.gather_signal(thread, SIGUSR1).event_class == EventClass::lifecycle);
    CHECK(thread.signal == SIGUSR1);
    CHECK(parts.signals.gather_signal(thread, SIGCHLD).event_class == EventClass::passing);
}

TEST_CASE("Signals: a job-control stop of a process is reported once, and so is its continuation") {
    IdleChild child;
    Parts parts;
    TracedThread& thread = parts.stopped_first(child.pid());
    CHECK_FALSE(parts.signals.gather_continue(thread));
    const auto stop = parts.signals.gather_group_stop(thread, SIGTSTP);
    REQUIRE(stop);
    CHECK(std::get<StopEvent>(stop->event.detail).signal == SIGTSTP);
    CHECK(thread.resume_way == ResumeWay::rejoin_group_stop);
    CHECK_FALSE(parts.signals.gather_group_stop(thread, SIGTSTP));  // its second thread
    CHECK(parts.signals.gather_continue(thread));
    CHECK_FALSE(parts.signals.gather_continue(thread));
}
