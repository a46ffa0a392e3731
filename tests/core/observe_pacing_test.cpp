#include "core/observe/linux/trace/pacing.h"

#include <doctest/doctest.h>
#include <signal.h>

#include "tests/core/observe_support.h"

using namespace procatlas;
using namespace procatlas::observing;
using Then = PaceDecision::Then;

namespace {

constexpr std::uint64_t second = 1'000'000'000;

Pacing started(const LaunchCommand& command) {
    Pacing pacing;
    pacing.start(command);
    return pacing;
}

Then then_of(const Pacing& pacing, EventClass event_class) {
    return pacing.decide(event_class, Inspection::none).then;
}

}  // namespace

TEST_CASE("Pacing: holding keeps a thread only at the selected classes of events") {
    Pacing pacing = started(launch_held());
    CHECK(then_of(pacing, EventClass::lifecycle) == Then::hold);
    CHECK(then_of(pacing, EventClass::memory) == Then::go);
    pacing.set_hold_classes({.lifecycle = false, .memory = true});
    CHECK(then_of(pacing, EventClass::lifecycle) == Then::go);
    CHECK(then_of(pacing, EventClass::memory) == Then::hold);
    CHECK(then_of(pacing, EventClass::passing) == Then::go);
    pacing.run(1);
    CHECK(then_of(pacing, EventClass::memory) == Then::go);
    pacing.hold();
    CHECK(then_of(pacing, EventClass::memory) == Then::hold);
}

TEST_CASE("slow motion delays the selected classes for at most a minute, and holding takes precedence") {
    Pacing pacing = started(launch_slowed(std::chrono::milliseconds(20)));
    const PaceDecision decision = pacing.decide(EventClass::lifecycle, Inspection::none);
    CHECK(decision.then == Then::delay);
    CHECK(decision.delay_ns == 20'000'000);
    CHECK(then_of(pacing, EventClass::output) == Then::go);
    CHECK(then_of(pacing, EventClass::passing) == Then::go);
    pacing.hold();
    CHECK(then_of(pacing, EventClass::lifecycle) == Then::hold);
    pacing.set_delay(std::chrono::hours(1));
    CHECK(pacing.delay_ns() == 60 * second);
    pacing.set_delay(std::chrono::milliseconds(-1));
    CHECK(pacing.delay_ns() == 0);
}

TEST_CASE("a thread awaits inspection at every event except a passing one, unless all processes are being ended") {
    Pacing pacing = started({});
    CHECK(pacing.decide(EventClass::calls, Inspection::at_each_event).awaits_inspection);
    CHECK_FALSE(pacing.decide(EventClass::calls, Inspection::none).awaits_inspection);
    CHECK_FALSE(pacing.decide(EventClass::passing, Inspection::at_each_event).awaits_inspection);
    (void)pacing.stop_all(0);
    CHECK_FALSE(pacing.decide(EventClass::calls, Inspection::at_each_event).awaits_inspection);
}

TEST_CASE("reaching the process cap is reported once and holds everything until it is answered") {
    Pacing pacing = started(launch_capped(2));
    CHECK_FALSE(pacing.expect_newborn(1, 0));
    CHECK(pacing.expect_newborn(2, 0));
    CHECK_FALSE(pacing.expect_newborn(2, 0));
    CHECK(then_of(pacing, EventClass::output) == Then::hold);
    CHECK(then_of(pacing, EventClass::passing) == Then::go);
    SUBCASE("running on doubles it") {
        pacing.run(3);
        CHECK(pacing.cap() == 4);
        CHECK(then_of(pacing, EventClass::output) == Then::go);
        CHECK_FALSE(pacing.expect_newborn(3, 0));
    }
    SUBCASE("a new cap is never below those that live") {
        CHECK(pacing.set_cap(1, 3));
        CHECK(pacing.cap() == 3);
        CHECK_FALSE(pacing.set_cap(9, 3));  // the cap no longer held anything
    }
    SUBCASE("a person who holds goes on holding") {
        pacing.hold();
        CHECK_FALSE(pacing.set_cap(9, 3));
        CHECK(then_of(pacing, EventClass::lifecycle) == Then::hold);
    }
    SUBCASE("no cap at all") {
        CHECK(pacing.set_cap(0, 3));
        CHECK_FALSE(pacing.expect_newborn(1'000'000, 0));
    }
}

TEST_CASE("ending all asks first, and kills a second later or at the second call") {
    Pacing pacing = started(launch_held());
    CHECK_FALSE(pacing.signal_for_newborn(0));
    CHECK(pacing.stop_all(5) == SIGTERM);
    CHECK(pacing.is_stopping());
    CHECK(then_of(pacing, EventClass::lifecycle) == Then::go);
    CHECK(pacing.signal_for_newborn(6) == SIGTERM);
    CHECK_FALSE(pacing.take_kill_due(4 + second));
    CHECK(pacing.take_kill_due(5 + second));
    CHECK(pacing.kill_at_ns() == 5 + second + second / 10);  // again, for processes that were born in between
    CHECK(pacing.stop_all(6 + second) == SIGKILL);
}

TEST_CASE("a process that keeps forking beyond the cap while all are being ended is killed at once") {
    Pacing pacing = started(launch_capped(1));
    (void)pacing.stop_all(0);
    CHECK_FALSE(pacing.expect_newborn(1, 7));
    CHECK(pacing.signal_for_newborn(7) == SIGKILL);
    CHECK(pacing.take_kill_due(7));
}

TEST_CASE("who holds at lines is held at calls too, because a call is told instead of a function's first line") {
    Pacing pacing;
    LaunchCommand launch;
    launch.hold = true;
    launch.hold_classes = {.lifecycle = false, .lines = true};
    pacing.start(launch);
    CHECK(pacing.holds(EventClass::calls));
    CHECK(pacing.holds(EventClass::lines));
    CHECK(!pacing.holds(EventClass::lifecycle));
    launch.hold_classes = {.lifecycle = false, .calls = true};
    pacing.start(launch);
    CHECK(!pacing.holds(EventClass::lines));
}
