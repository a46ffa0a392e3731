// The JSON of a whole recording.
#include "core/export/data/json_export.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "core/model/descriptors.h"
#include "core/model/inside.h"
#include "tests/core/layout_support.h"

using namespace procatlas;
using nlohmann::json;

namespace {

constexpr std::int32_t pid = 100;

std::shared_ptr<const StackFrame> frame_of_call(std::size_t depth) {
    StackFrame frame;
    frame.function = "f";
    frame.line = static_cast<std::uint32_t>(depth);
    frame.extent = {0x7ffc'0001'0000 - depth * 48, 0x7ffc'0001'0030 - depth * 48};
    return std::make_shared<const StackFrame>(frame);
}

// A recursion: calls down to `depth`, each with the stack that it was found with.
Recording recursion(std::size_t depth) {
    Recording recording;
    recording.append(event_of(pid, StartEvent{1, {"f"}, "/"}));
    Stack stack;
    for (std::size_t i = 1; i <= depth; ++i) {
        stack.frames.insert(stack.frames.begin(), frame_of_call(i));
        Inside inside;
        inside.stack = std::make_shared<const Stack>(stack);
        ObservedEvent call = event_of(pid, CallEvent{0x1000, "f"});
        call.inside = std::make_shared<const Inside>(std::move(inside));
        recording.append(std::move(call));
    }
    return recording;
}

// All frames of an event, those that an earlier event has too.
std::vector<unsigned> lines_at(const json& events, std::size_t moment) {
    const json& event = events.at(moment);
    std::vector<unsigned> lines;
    for (const json& frame : event["frames"]) {
        lines.push_back(frame["line"]);
    }
    if (event.contains("frames_same")) {
        const std::vector<unsigned> before = lines_at(events, event["frames_same_as"]);
        lines.insert(lines.end(), before.end() - event["frames_same"].get<std::ptrdiff_t>(), before.end());
    }
    return lines;
}

}  // namespace

TEST_CASE("the JSON of a recursion grows with what changes, and still tells each stack whole") {
    const std::string text = recording_json(recursion(400));
    CHECK(text.size() < recording_json(recursion(200)).size() * 5 / 2);
    const json events = json::parse(text)["events"];
    for (const std::size_t moment : {1U, 7U, 8U, 9U, 10U, 100U, 400U}) {
        CAPTURE(moment);
        const std::vector<unsigned> lines = lines_at(events, moment);
        REQUIRE(lines.size() == moment);
        CHECK(lines.front() == moment);
        CHECK(lines.back() == 1);
    }
    CHECK(events[8]["frames"].size() == 8);  // a stack that is not deep is written whole
}

TEST_CASE("the JSON does not say that an exec closed nothing where nobody looked as it was called") {
    const auto told_of = [](EventDetail first) {
        Recording recording;
        recording.append(event_of(10, std::move(first)));
        recording.append(event_of(10, ExecEvent{"/bin/true", {"true"}, false, 0, 0, 0}));
        ObservedEvent second = event_of(10, ExecEvent{"/bin/ls", {"ls"}, false, 0, 0, 0});
        second.time_ns = 5;  // the one before was the launcher's
        second.descriptors = std::make_shared<const Descriptors>();
        recording.append(second);
        return json::parse(recording_json(recording))["events"][2]["closed"];
    };
    CHECK(told_of(StartEvent{}) == json::array());
    CHECK(told_of(FoundEvent{std::make_shared<const FoundProcess>(FoundProcess{.parent_pid = 1, .name = "sh"})}).is_null());
}

TEST_CASE("the JSON says when there were more arguments than were kept") {
    Recording recording;
    recording.append(event_of(pid, StartEvent{1, {"f"}, "/"}));
    ExecEvent exec;
    exec.path = "/bin/f";
    exec.arguments = {"f", "x"};
    exec.arguments_cut = true;
    recording.append(event_of(pid, std::move(exec)));
    const json told = json::parse(recording_json(recording));
    CHECK(told["events"][1]["arguments_cut"] == true);
    CHECK(told["processes"][0]["arguments_cut"] == true);
    CHECK_FALSE(told["events"][0].contains("arguments_cut"));
}
