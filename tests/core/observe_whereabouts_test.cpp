#include "core/observe/linux/trace/whereabouts.h"

#include <doctest/doctest.h>

using namespace procatlas;
using Then = PaceDecision::Then;

namespace {

Whereabouts stopped() {
    Whereabouts thread;
    thread.stop();
    return thread;
}

Whereabouts settled(const PaceDecision& decision) {
    Whereabouts thread = stopped();
    CHECK(thread.settle(decision, 100));
    return thread;
}

}  // namespace

TEST_CASE("Whereabouts follows a thread that is newborn, stops and runs on") {
    Whereabouts thread;
    CHECK(thread.where() == Where::newborn);
    CHECK_FALSE(thread.is_in_stop());
    CHECK_FALSE(thread.leave());
    thread.stop();
    CHECK(thread.where() == Where::stopped);
    CHECK(thread.is_in_stop());
    CHECK(thread.leave());
    CHECK(thread.where() == Where::running);
    CHECK_FALSE(thread.is_in_stop());
}

TEST_CASE("a newborn to be held is held from its first stop on, unless it was released before") {
    Whereabouts thread;
    CHECK(thread.hold_at_birth());
    CHECK(thread.is_to_be_held());
    SUBCASE("held") {
        thread.stop();
        CHECK(thread.where() == Where::held);
        CHECK_FALSE(thread.hold_at_birth());
    }
    SUBCASE("released before") {
        CHECK(thread.release());
        CHECK_FALSE(thread.release());
        thread.stop();
        CHECK(thread.where() == Where::stopped);
    }
}

TEST_CASE("a thread stays for the reason decided until that reason ends") {
    Whereabouts held = settled({.then = Then::hold});
    CHECK(held.where() == Where::held);
    CHECK_FALSE(held.inspected());
    CHECK_FALSE(held.wake(1'000'000));
    CHECK_FALSE(held.leave());
    CHECK(held.release());
    CHECK(held.where() == Where::stopped);

    Whereabouts delayed = settled({.then = Then::delay, .delay_ns = 50});
    CHECK(delayed.where() == Where::delayed);
    CHECK(delayed.wakes_at_ns() == 150);
    CHECK_FALSE(delayed.release());
    CHECK_FALSE(delayed.wake(149));
    CHECK(delayed.wake(150));
    CHECK(delayed.where() == Where::stopped);
    CHECK_FALSE(delayed.wakes_at_ns());

    CHECK(settled({}).where() == Where::stopped);
}

TEST_CASE("inspection comes first, then the rest of the decision") {
    Whereabouts thread = settled({.awaits_inspection = true, .then = Then::hold});
    CHECK(thread.where() == Where::awaiting);
    CHECK(thread.is_to_be_held());
    SUBCASE("inspected, then released") {
        CHECK(thread.inspected());
        CHECK(thread.where() == Where::held);
        CHECK(thread.release());
    }
    SUBCASE("released, then inspected") {
        CHECK(thread.release());
        CHECK(thread.where() == Where::awaiting);
        CHECK(thread.inspected());
    }
    CHECK(thread.where() == Where::stopped);
}

TEST_CASE("a delay that runs out during the inspection is over after it") {
    Whereabouts thread = settled({.awaits_inspection = true, .then = Then::delay, .delay_ns = 50});
    thread.wake_by(120);
    CHECK(thread.wakes_at_ns() == 120);
    CHECK(thread.wake(120));
    CHECK(thread.where() == Where::awaiting);
    CHECK(thread.inspected());
    CHECK(thread.where() == Where::stopped);
}

TEST_CASE("only a stopped thread parks or rejoins a group stop, and another stop ends a group stop") {
    Whereabouts thread = stopped();
    CHECK(thread.park());
    CHECK(thread.is_in_stop());
    CHECK_FALSE(thread.leave());
    CHECK(thread.unpark());
    CHECK(thread.rejoin());
    CHECK(thread.where() == Where::listening);
    CHECK_FALSE(thread.is_in_stop());
    CHECK_FALSE(thread.settle({.then = Then::hold}, 0));
    CHECK_FALSE(thread.free());
    thread.stop();
    CHECK(thread.where() == Where::stopped);
}

TEST_CASE("while all processes are being ended, nothing keeps a stopped thread") {
    for (const PaceDecision& decision : {PaceDecision{.then = Then::hold}, PaceDecision{.then = Then::delay, .delay_ns = 9},
                                         PaceDecision{.awaits_inspection = true, .then = Then::hold}}) {
        Whereabouts thread = settled(decision);
        CHECK(thread.free());
        CHECK(thread.where() == Where::stopped);
        CHECK_FALSE(thread.is_to_be_held());
        CHECK_FALSE(thread.wakes_at_ns());
    }
}

TEST_CASE("a kill that stops a held thread clears what kept it") {
    Whereabouts thread = settled({.awaits_inspection = true, .then = Then::hold});
    thread.stop();
    CHECK(thread.where() == Where::stopped);
    CHECK_FALSE(thread.is_to_be_held());
}
