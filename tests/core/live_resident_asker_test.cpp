#include "core/live/resident_asker.h"

#include <doctest/doctest.h>

#include "tests/support/apply_observed.h"
#include "tests/support/scripted_run.h"

using namespace procatlas;

TEST_CASE("ResidentAsker: resident pages are requested after events, one request at a time, and not too often") {
    using namespace std::chrono_literals;
    World world;
    ResidentAsker asker;
    const ResidentAsker::Moment start{1h};
    CHECK(!asker.ask(world, 0, start));
    apply(world, event_of(10, StartEvent{1, {"a"}, "/"}));
    CHECK(!asker.ask(world, std::nullopt, start));
    const auto question = asker.ask(world, 0, start);
    REQUIRE(question);
    CHECK(question->pid == 10);
    CHECK(!asker.ask(world, 0, start + 1min));  // not answered yet
    apply(world, event_of(10, ResidentEvent{}));
    CHECK(!asker.ask(world, 0, start + 2min));  // nothing happened since
    CHECK(!asker.due());

    apply(world, event_of(10, SignalEvent{}));
    CHECK(asker.ask(world, 0, start + 2min));
    apply(world, event_of(10, ResidentEvent{}));
    apply(world, event_of(10, SignalEvent{}));
    CHECK(!asker.ask(world, 0, start + 2min + 100ms));
    REQUIRE(asker.due());
    CHECK(asker.ask(world, 0, *asker.due()));
    apply(world, event_of(10, ExitEvent{0, std::nullopt, false}));
    CHECK(!asker.ask(world, 0, start + 3min));
}
