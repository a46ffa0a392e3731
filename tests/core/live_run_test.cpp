#include "app/session.h"

#include <doctest/doctest.h>

#include <chrono>

#include "app/resident_asker.h"
#include "core/observe/scripted/scripted_observer.h"

using namespace procatlas;

namespace {

Event event_of(std::int32_t pid, EventDetail detail) {
    Event event;
    event.process = {pid, static_cast<std::uint64_t>(pid)};
    event.detail = std::move(detail);
    return event;
}

}  // namespace

TEST_CASE("slow motion holds from the first event of a program on") {
    LaunchCommand launched;
    Session session([&](LaunchCommand launch) -> Result<std::unique_ptr<Observer>> {
        launched = std::move(launch);
        return std::make_unique<ScriptedObserver>(std::vector<Event>{});
    });
    REQUIRE(session.set_delay(250));
    REQUIRE(session.start(launch_of({"true"}, false), "true"));
    CHECK(launched.delay == std::chrono::milliseconds(250));
}

TEST_CASE("resident pages are asked for when something happened, one question at a time, and not too often") {
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
