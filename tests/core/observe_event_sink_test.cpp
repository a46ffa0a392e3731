// EventSink, and the stages Gathered, Decided and Resumed; the compiler enforces their order.
#include "core/observe/linux/trace/event_sink.h"

#include <doctest/doctest.h>

#include <concepts>
#include <type_traits>

#include "tests/core/observe_support.h"

using namespace procatlas;
using namespace procatlas::observing;

// Each gathered stop is decided once, each decided one is resumed once, and no event is sent before that.
static_assert(!std::is_copy_constructible_v<Gathered> && !std::is_copy_constructible_v<Decided> &&
              !std::is_copy_constructible_v<Resumed>);
static_assert(!std::is_constructible_v<Resumed, Gathered> && !std::is_constructible_v<Resumed, Decided>);
template <typename Stage>
concept is_sent = requires(EventSink& sink, Stage stage) { sink.emit(std::move(stage)); };
static_assert(is_sent<Resumed> && !is_sent<Decided> && !is_sent<Gathered>);
template <typename Stage>
concept goes_on = requires(Resumer& resumer, Stage stage) { resumer.resume(std::move(stage)); };
static_assert(goes_on<Decided> && !goes_on<Gathered>);

TEST_CASE("EventSink writes events, notes and gaps in order, each later than the one before") {
    Parts parts;
    parts.sink.tell(parts.sink.event_of({7, 1}, 8, ThreadEvent{8}));
    parts.sink.note(NoteCode::cap_reached, "text", 3);
    parts.sink.gap(GapCode::output_unattributed, {}, 4);
    const auto events = parts.take_events();
    REQUIRE(events.size() == 3);
    CHECK(events[0].process.pid == 7);
    CHECK(events[0].thread == 8);
    CHECK(std::get<NoteEvent>(events[1].detail).number == 3);
    CHECK(events[1].process.pid == 0);
    CHECK(std::get<GapEvent>(events[2].detail).number == 4);
    CHECK(events[0].time_ns <= events[1].time_ns);
    CHECK(events[1].time_ns <= events[2].time_ns);
}

TEST_CASE("a map that was read travels with its event") {
    Parts parts;
    const MemoryText memory{"00400000-00401000 r-xp 00000000 00:00 0 /a\n", {}, false};
    parts.sink.tell(parts.sink.event_of({7, 1}, 7, ContinueEvent{}), &memory);
    const auto events = parts.take_events();
    REQUIRE(events.size() == 1);
    REQUIRE(events[0].memory);
    CHECK(events[0].memory->mappings.size() == 1);
}

TEST_CASE("an event at which a thread awaits inspection is urgent until the urgency is queried") {
    Parts parts;
    ObservedEvent event = parts.sink.event_of({7, 1}, 7, ContinueEvent{});
    parts.sink.tell(event);
    CHECK_FALSE(parts.sink.is_urgent());
    event.waits = true;
    parts.sink.tell(event);
    CHECK(parts.sink.is_urgent());
    CHECK(parts.sink.take_urgent());
    CHECK_FALSE(parts.sink.take_urgent());
}
