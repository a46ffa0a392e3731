#include "core/live/stop_watch.h"

#include <doctest/doctest.h>

#include <memory>

#include "core/model/inside.h"

using namespace procatlas;

namespace {

ObservedEvent event_at(const std::string& function, std::uint32_t line, const std::string& value, EventDetail detail,
                       std::int32_t pid = 7) {
    auto frame = std::make_shared<StackFrame>();
    frame->function = function;
    frame->file = "/src/a.c";
    frame->line = line;
    Variable count;
    count.name = "count";
    count.address = 0x10;
    count.value = value;
    frame->variables.push_back(count);
    auto stack = std::make_shared<Stack>();
    stack->frames.push_back(frame);
    auto inside = std::make_shared<Inside>();
    inside->stack = stack;
    ObservedEvent event;
    event.process = {pid, 1};
    event.thread = pid;
    event.inside = inside;
    event.detail = std::move(detail);
    return event;
}

}  // namespace

TEST_CASE("a stop at a line is reached by its line and by the call that begins there, not by other events or files") {
    StopWatch watch;
    watch.set({{{"/src/a.c", 5}}, {}});
    CHECK(!watch.stops(event_at("f", 4, "1", LineEvent{})));
    CHECK(watch.stops(event_at("f", 5, "1", LineEvent{})));
    CHECK(watch.stops(event_at("f", 5, "1", CallEvent{})));
    CHECK(!watch.stops(event_at("f", 5, "1", OutputEvent{})));
    watch.set({{{"/src/b.c", 5}}, {}});
    CHECK(!watch.stops(event_at("f", 5, "1", LineEvent{})));
}

TEST_CASE("of the instructions of a line only the first reaches it") {
    StopWatch watch;
    watch.set({{{"/src/a.c", 5}}, {}});
    CHECK(watch.stops(event_at("f", 5, "1", InstructionEvent{})));
    CHECK(!watch.stops(event_at("f", 5, "1", InstructionEvent{})));
    CHECK(!watch.stops(event_at("f", 6, "1", InstructionEvent{})));
    CHECK(watch.stops(event_at("f", 5, "1", InstructionEvent{})));
}

TEST_CASE("a variable that changes holds the process that changed it, one that has only just come does not") {
    StopWatch watch;
    watch.set({{}, {{"f", "count", 0x10}}});
    CHECK(!watch.stops(event_at("f", 1, "1", LineEvent{})));
    CHECK(!watch.stops(event_at("f", 2, "1", LineEvent{}, 8)));  // another process: its own value
    CHECK(watch.stops(event_at("f", 3, "2", LineEvent{})));
    CHECK(!watch.stops(event_at("f", 3, "1", LineEvent{}, 8)));
    CHECK(!watch.stops(event_at("f", 1, "5", CallEvent{})));  // called anew
    CHECK(!watch.stops(event_at("g", 4, "9", LineEvent{})));  // f has returned …
    CHECK(!watch.stops(event_at("f", 5, "0", LineEvent{})));  // … and this is a new call of it
    watch.set({});
    CHECK(!watch.stops(event_at("f", 6, "77", LineEvent{})));
}

TEST_CASE("a stop that is set while a process is held compares with the value that it has then") {
    StopWatch watch;
    CHECK(!watch.stops(event_at("f", 1, "1", LineEvent{})));
    watch.set({{}, {{"f", "count", 0x10}}});
    CHECK(watch.stops(event_at("f", 2, "2", LineEvent{})));
    CHECK(!watch.stops(event_at("f", 3, "2", LineEvent{})));
}

TEST_CASE("what another thread does between, and another call of a function, are no changes of a local; exec begins anew") {
    StopWatch watch;
    watch.set({{}, {{"f", "count", 0}}});
    CHECK(!watch.stops(event_at("f", 1, "1", LineEvent{})));
    ObservedEvent other = event_at("g", 1, "9", LineEvent{});
    other.thread = 8;
    CHECK(!watch.stops(other));
    CHECK(watch.stops(event_at("f", 2, "2", LineEvent{})));
    // f calls itself: the inner frame has a count of its own.
    const auto nested = [](const std::string& outer, const std::string& inner) {
        ObservedEvent event = event_at("f", 1, inner, LineEvent{});
        auto stack = std::make_shared<Stack>(*event.inside->stack);
        stack->frames.push_back(event_at("f", 2, outer, LineEvent{}).inside->stack->frames.front());
        auto inside = std::make_shared<Inside>();
        inside->stack = stack;
        event.inside = inside;
        return event;
    };
    CHECK(!watch.stops(nested("2", "1")));
    CHECK(watch.stops(nested("2", "0")));
    CHECK(!watch.stops(event_at("f", 3, "2", LineEvent{})));
    CHECK(!watch.stops(event_at("f", 3, "2", ExecEvent{})));
    CHECK(!watch.stops(event_at("f", 1, "7", LineEvent{})));
}
