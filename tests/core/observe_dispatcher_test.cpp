// Dispatcher, Resumer and RunControl: how a wait status becomes an event, and what holds the thread until then. The threads are
// real, but nobody traces them. So ptrace(2) requests fail, as they do if the process was killed in between.
#include "core/observe/linux/trace/dispatcher.h"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/ptrace.h>

#include "core/observe/linux/proc/clock.h"
#include "tests/core/observe_support.h"

using namespace procatlas;
using namespace procatlas::observing;

namespace {

struct OneThread {
    IdleChild child;
    Parts parts;
    TracedThread& thread;

    explicit OneThread(const LaunchCommand& command = {}) : thread(parts.lineage.add_first(child.pid())) {
        parts.pacing.start(command);
    }
    void signal(int number) { parts.dispatcher.handle(child.pid(), stop_status(number)); }
    [[nodiscard]] Where where() const { return thread.whereabouts.where(); }
};

}  // namespace

TEST_CASE("Dispatcher: a stop is handled: its event is reported and the thread resumes") {
    OneThread one;
    one.signal(SIGUSR1);
    CHECK(one.where() == Where::running);
    CHECK(one.thread.signal == 0);  // the kernel has it now
    const auto events = one.parts.take_events();
    REQUIRE(events.size() == 1);
    CHECK(std::get<SignalEvent>(events[0].detail).number == SIGUSR1);
    CHECK_FALSE(events[0].held);
}

TEST_CASE("Dispatcher: a stop without an event is handled too") {
    OneThread one;
    one.parts.dispatcher.handle(one.child.pid(), stop_status(SIGTRAP, PTRACE_EVENT_VFORK_DONE));
    CHECK(one.where() == Where::running);
    CHECK(one.parts.take_events().empty());
}

TEST_CASE("RunControl: a held thread stays until it is released, and the release is reported") {
    OneThread one(launch_held());
    one.signal(SIGUSR1);
    CHECK(one.where() == Where::held);
    CHECK(one.parts.take_events().at(0).held);
    SUBCASE("one step") {
        one.parts.control.step(one.child.pid());
        CHECK(details_of<StepEvent>(one.parts.take_events()).at(0).single);
        CHECK(one.where() == Where::running);
        one.signal(SIGUSR1);
        CHECK(one.where() == Where::held);
    }
    SUBCASE("on to the end") {
        one.parts.control.run();
        CHECK_FALSE(details_of<StepEvent>(one.parts.take_events()).at(0).single);
        one.signal(SIGUSR1);
        CHECK(one.where() == Where::running);
    }
    SUBCASE("a step of another process leaves it") {
        one.parts.control.step(one.child.pid() + 1);
        CHECK(one.where() == Where::held);
        CHECK(one.parts.take_events().empty());
    }
}

TEST_CASE("RunControl: slow motion delays a thread for its time, or less once it is shortened") {
    OneThread one(launch_slowed(std::chrono::milliseconds(60'000)));
    one.signal(SIGUSR1);
    CHECK(one.where() == Where::delayed);
    REQUIRE(one.parts.control.next_tick());
    CHECK(*one.parts.control.next_tick() > monotonic_ns() + 30'000'000'000);
    one.parts.control.tick();
    CHECK(one.where() == Where::delayed);
    one.parts.control.set_delay(std::chrono::milliseconds(0));
    one.parts.control.tick();
    CHECK(one.where() == Where::running);
    CHECK_FALSE(one.parts.control.next_tick());
}

TEST_CASE("StepControl: at a finer grain a thread awaits inspection at its event, and resumes afterwards") {
    OneThread one;
    one.parts.steps.set_grain(Grain::calls);
    one.signal(SIGUSR1);
    CHECK(one.where() == Where::awaiting);
    CHECK(one.parts.take_events().at(0).waits);
    CHECK(one.parts.steps.somebody_awaits_inspection());
    SUBCASE("somebody has looked inside") {
        one.parts.steps.inspected(one.child.pid());
    }
    SUBCASE("nobody looks inside any more") {
        one.parts.steps.set_grain(Grain::none);
    }
    CHECK(one.where() == Where::running);
    CHECK_FALSE(one.parts.steps.somebody_awaits_inspection());
}

TEST_CASE("SIGCHLD never keeps a thread") {
    OneThread one(launch_held());
    one.parts.steps.set_grain(Grain::calls);
    one.signal(SIGCHLD);
    CHECK(one.where() == Where::running);
}

TEST_CASE("a thread stopped by job control is left stopped") {
    OneThread one(launch_held());
    one.parts.dispatcher.handle(one.child.pid(), stop_status(SIGTSTP, PTRACE_EVENT_STOP));
    CHECK(one.where() == Where::listening);
    CHECK(details_of<StopEvent>(one.parts.take_events()).size() == 1);
    one.parts.pacing.run(1);
    one.parts.dispatcher.handle(one.child.pid(), stop_status(SIGTRAP, PTRACE_EVENT_STOP));
    CHECK(one.where() == Where::running);
    CHECK(details_of<ContinueEvent>(one.parts.take_events()).size() == 1);
}

TEST_CASE("Dispatcher leaves a child to job control that is born into a stopped process") {
    IdleChild child;
    Parts parts;
    parts.lineage.add_first(::getpid());
    const TracedThread* newborn = parts.lineage.adopt(child.pid(), {stop_status(SIGTRAP), child.pid(), ::getpid(), 0});
    REQUIRE(newborn);
    parts.dispatcher.handle(child.pid(), stop_status(SIGTSTP, PTRACE_EVENT_STOP));
    CHECK(newborn->whereabouts.where() == Where::listening);
    CHECK(details_of<StopEvent>(parts.take_events()).empty());  // nobody has stopped it since
}

TEST_CASE("RunControl lets all go on with a higher cap only where the cap held them") {
    OneThread one(launch_capped(1));
    SUBCASE("the cap has held it") {
        one.parts.lineage.expect_newborn();
        one.signal(SIGUSR1);
        REQUIRE(one.where() == Where::held);
        one.parts.control.set_cap(8);
        CHECK(one.where() == Where::running);
    }
    SUBCASE("a person has, whom the cap does not concern") {
        one.parts.control.hold();
        one.signal(SIGUSR1);
        one.parts.control.set_cap(8);
        CHECK(one.where() == Where::held);
    }
}

TEST_CASE("RunControl: ending all releases held threads and asks every process to end") {
    OneThread one(launch_held());
    one.signal(SIGUSR1);
    (void)one.parts.take_events();
    one.parts.control.stop_all();
    CHECK(one.where() == Where::running);
    CHECK(one.parts.control.next_tick());
    const WaitStatus end = one.child.wait();
    CHECK(end.signal() == SIGTERM);
    const pid_t pid = one.thread.tid;
    one.parts.dispatcher.handle(pid, end);
    const auto events = one.parts.take_events();
    CHECK(details_of<ExitEvent>(events).at(0).signal == SIGTERM);
    CHECK(details_of<ReapEvent>(events).at(0).by == Reaper::observer);
    CHECK(one.parts.tracees.find_thread(pid) == nullptr);
    CHECK(one.parts.tracees.find_process(pid) == nullptr);
}

TEST_CASE("a child that stops before its birth is reported waits, and is adopted if the report never comes") {
    IdleChild child;
    Parts parts;
    parts.lineage.add_first(::getpid());
    parts.dispatcher.handle(child.pid(), stop_status(SIGTRAP, PTRACE_EVENT_STOP));
    CHECK(parts.tracees.has_early());
    CHECK(parts.take_events().empty());
    parts.dispatcher.adopt_late();  // less than a second has passed
    CHECK(parts.tracees.has_early());
    parts.tracees.find_process(::getpid())->life = ProcessLife::zombie;
    parts.dispatcher.adopt_late();
    CHECK_FALSE(parts.tracees.has_early());
    const auto forks = details_of<ForkEvent>(parts.take_events());
    REQUIRE(forks.size() == 1);
    CHECK(forks[0].child.pid == child.pid());
    CHECK(parts.tracees.find_thread(child.pid())->whereabouts.where() == Where::running);
}
