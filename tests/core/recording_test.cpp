#include "core/model/recording.h"

#include <doctest/doctest.h>

#include <random>

#include "tests/core/made_up_run.h"
#include "tests/support/apply_observed.h"

using namespace procatlas;

namespace {

Recording recording_of(const std::vector<ObservedEvent>& events) {
    Recording recording;
    for (const ObservedEvent& event : events) {
        recording.append(event);
    }
    return recording;
}

bool same_map(const std::shared_ptr<const AddressSpace>& a, const std::shared_ptr<const AddressSpace>& b) {
    return a == b || (a && b && *a == *b);
}

}  // namespace

TEST_CASE("the world at every moment is the fold of the events with their maps, in many random runs") {
    for (unsigned seed = 0; seed < 60; ++seed) {
        CAPTURE(seed);
        const std::vector<ObservedEvent> events = MadeUpRun(seed, 4 + seed % 20).events(300);
        const Recording recording = recording_of(events);
        World expected;
        for (std::size_t moment = 0; moment < events.size(); ++moment) {
            CAPTURE(moment);
            apply(expected, events[moment]);
            REQUIRE(recording.world_at(moment) == expected);
        }
        REQUIRE(recording.last_world() == expected);
    }
}

TEST_CASE("the world is the fold of the events even far into a long run, beyond many checkpoints") {
    for (unsigned seed = 100; seed < 103; ++seed) {
        CAPTURE(seed);
        const std::vector<ObservedEvent> events = MadeUpRun(seed, 6).events(20'000);
        const Recording recording = recording_of(events);
        World expected;
        for (std::size_t moment = 0; moment < events.size(); ++moment) {
            apply(expected, events[moment]);
            if (moment % 397 == 0) {
                CAPTURE(moment);
                REQUIRE(recording.world_at(moment) == expected);
            }
        }
    }
}

TEST_CASE("visiting moments in any order gives the same worlds as in sequence") {
    const std::vector<ObservedEvent> events = MadeUpRun(7).events(2'000);
    const Recording recording = recording_of(events);
    std::vector<World> worlds;
    World world;
    for (const ObservedEvent& event : events) {
        apply(world, event);
        worlds.push_back(world);
    }
    std::mt19937 random(7);
    for (int i = 0; i < 300; ++i) {
        const std::size_t moment = random() % events.size();
        CAPTURE(moment);
        REQUIRE(recording.world_at(moment) == worlds[moment]);
    }
}

TEST_CASE("a kept event only has the counts of its maps, and the observed event can be restored from it") {
    const std::vector<ObservedEvent> events = MadeUpRun(11).events(1'000);
    const Recording recording = recording_of(events);
    int maps = 0;
    for (std::size_t moment = 0; moment < events.size(); ++moment) {
        CAPTURE(moment);
        const Event& kept = recording.events()[moment];
        CHECK(kept.mappings == (events[moment].memory ? events[moment].memory->mappings.size() : 0));
        CHECK(kept.torn == (events[moment].memory && events[moment].memory->torn));
        const ObservedEvent whole = recording.observed_event(moment);
        CHECK(same_map(whole.memory, events[moment].memory));
        maps += whole.memory ? 1 : 0;
        CHECK(same_map(whole.child_memory, events[moment].child_memory));
    }
    CHECK(maps > 300);
}

TEST_CASE("a recording of large maps that changed wholly, again and again, is restored") {
    constexpr std::size_t mappings = 40'000;
    constexpr std::uint32_t changes = 14;
    KeptMaps kept;
    kept.files.push_back({});
    kept.process_count = 1;
    kept.event_count = changes + 1;
    kept.marks.push_back({0, 0, {}, false});
    for (std::uint32_t moment = 0; moment < changes; ++moment) {
        for (std::size_t i = 0; i < mappings; ++i) {
            const Address start = 0x10000 * (i + 1) + 0x1000 * moment;
            kept.rows.push_back({{start, start + 0x1000}, 0, 0, 0, moment, moment + 1, {}});
        }
    }
    const auto history = MapHistory::restored(std::move(kept));
    REQUIRE_MESSAGE(history, history.error().message);
    for (const std::size_t moment : {std::size_t{0}, std::size_t{changes - 1}}) {
        const auto space = history->space_at(0, moment);
        REQUIRE(space);
        CHECK(space->mappings.size() == mappings);
        CHECK(space->mappings.back().range.start == 0x10000 * mappings + 0x1000 * moment);
    }
    CHECK(history->space_at(0, changes)->mappings.empty());
}

TEST_CASE("only changes take memory, and an unchanged map takes none") {
    const std::vector<ObservedEvent> events = MadeUpRun(5, 2, 100).events(1);
    ObservedEvent again = events[0];
    auto space = std::make_shared<AddressSpace>(*MadeUpRun(6, 2, 100).events(40).back().memory);
    again.detail = StepEvent{};
    Recording recording = recording_of(events);
    again.memory = space;
    recording.append(again);
    const std::size_t rows = recording.maps().rows().size();
    for (int i = 0; i < 100; ++i) {
        space = std::make_shared<AddressSpace>(*space);
        again.memory = space;
        recording.append(again);
    }
    CHECK(recording.maps().rows().size() == rows);
    space = std::make_shared<AddressSpace>(*space);
    space->mappings[50].permissions.write = !space->mappings[50].permissions.write;
    again.memory = space;
    recording.append(again);
    CHECK(recording.maps().rows().size() == rows + 1);
    const RowList& closed = recording.maps().closed();
    CHECK(closed[closed.size() - 1] < rows);
    CHECK(recording.maps().changes(0).back() == recording.last_moment());
}

TEST_CASE("a moment before the first map has no map, and a map without mappings counts as none") {
    ObservedEvent start;
    start.process = {10, 1};
    start.detail = StartEvent{1, {"x"}, "/"};
    ObservedEvent empty = start;
    empty.detail = StepEvent{};
    empty.memory = std::make_shared<const AddressSpace>();
    const Recording recording = recording_of({start, empty});
    CHECK(!recording.world_at(0).processes[0].memory);
    CHECK(!recording.last_world().processes[0].memory);
    CHECK(recording.events()[1].mappings == 0);
    CHECK(recording.maps().rows().empty());
}

TEST_CASE("the map of a process that has ended takes memory only while it is looked at, and outlives its recording") {
    const ObservedEvent start = MadeUpRun(5, 2, 100).events(1)[0];
    REQUIRE(start.memory);
    Recording recording = recording_of({start});
    const std::weak_ptr<const AddressSpace> held = recording.last_world().processes[0].memory.get();
    CHECK(!held.expired());
    ObservedEvent exit = start;
    exit.detail = ExitEvent{0, std::nullopt, false};
    recording.append(exit);
    CHECK(held.expired());
    const World world = recording.last_world();
    const World past = recording.world_at(0);
    recording = Recording();
    CHECK(*world.processes[0].memory == *start.memory);
    CHECK(*past.processes[0].memory == *start.memory);
}
