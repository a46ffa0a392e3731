#include "core/layout/timeline/layout_timeline.h"

#include <algorithm>

#include "layout_support.h"

using namespace procatlas;

namespace {

// A shell forks two children. One execs another program, ends and is reaped; the other goes on.
Recording timed_family() {
    Recording recording;
    const auto add = [&](std::int32_t pid, EventDetail detail) { recording.append(event_of(pid, std::move(detail))); };
    add(10, StartEvent{9, {"sh"}, "/"});                                 // 0
    add(10, ExecEvent{.path = "/bin/sh", .arguments = {"sh"}});          // 1
    add(10, fork_of(10, 11));                                            // 2
    add(10, fork_of(10, 12));                                            // 3
    add(11, ExecEvent{.path = "/usr/bin/sort", .arguments = {"sort"}});  // 4
    add(11, OutputEvent{OutputStream::standard_output, "a\n", 2});       // 5
    add(11, ExitEvent{.code = 3, .signal = {}});                         // 6
    add(12, SignalEvent{11, 0, 0x10});                                   // 7
    add(10, ReapEvent{{11, 11}, Reaper::parent});                        // 8
    add(10, SignalEvent{17, 11, {}});                                    // 9
    return recording;
}

TimelineScene timeline_of(const Recording& recording, TimelineView view) {
    ProcessLanes lanes;
    lanes.follow(recording);
    return layout_timeline(recording, recording.last_world(), lanes.lanes(), view, words_of("en"), FixedMeasure());
}

TimelineView whole(const Recording& recording) {
    TimelineView view;
    view.width = 1200;
    view.count = static_cast<double>(recording.events().size());
    view.moment = recording.last_moment();
    return view;
}

bool has_label(const Scene& scene, std::string_view text) {
    return std::ranges::any_of(scene.labels, [&](const SceneLabel& label) { return label.text == text; });
}

std::vector<SceneBox> bars_of(const TimelineScene& timeline, std::size_t process) {
    std::vector<SceneBox> bars;
    std::ranges::copy_if(timeline.body.boxes, std::back_inserter(bars),
                         [&](const SceneBox& box) { return box.hit == Hit{HitKind::process, process, 0}; });
    return bars;
}

float x_of(const TimelineScene& timeline, double moment) {
    return timeline.left + static_cast<float>(moment + 0.5) * timeline.step;
}

}  // namespace

TEST_CASE("a lane goes from birth to end, and is dashed from the exit until the zombie is reaped") {
    const Recording recording = timed_family();
    const TimelineScene timeline = timeline_of(recording, whole(recording));
    const auto bars = bars_of(timeline, 1);
    REQUIRE(bars.size() == 3);  // copy of sh, sort, zombie
    CHECK(bars[0].box.x == doctest::Approx(x_of(timeline, 2)));
    CHECK(bars[0].box.right() < bars[1].box.x);  // exec leaves a gap
    CHECK(bars[1].box.right() == doctest::Approx(x_of(timeline, 6)));
    CHECK(bars[2].dashed);
    CHECK(!bars[2].filled);
    CHECK(bars[2].box.right() == doctest::Approx(x_of(timeline, 8)));
    CHECK(bars_of(timeline, 2).size() == 1);
}

TEST_CASE("marks have words if there is room") {
    const Recording recording = timed_family();
    const TimelineScene timeline = timeline_of(recording, whole(recording));
    for (const char* text : {"exec sh", "exec sort", "exit 3", "SIGSEGV", "reaps 11", "P 10", "C1 11", "C2 12"}) {
        CHECK_MESSAGE(has_label(timeline.body, text), text);
    }
    CHECK(!has_label(timeline.body, "SIGCHLD"));
}

TEST_CASE("the part after the shown moment is hollow, and a flag names the shown moment") {
    const Recording recording = timed_family();
    TimelineView view = whole(recording);
    view.moment = 5;
    const TimelineScene timeline = timeline_of(recording, view);
    for (const SceneBox& bar : bars_of(timeline, 2)) {
        const bool future = bar.box.x >= x_of(timeline, 5) - 1;
        CHECK((bar.role == Role::card) == future);
    }
    CHECK(has_label(timeline.ruler, "5 · 0.000 s"));
}

TEST_CASE("the moment at a point is the one drawn there, at any zoom") {
    const Recording recording = timed_family();
    for (const auto& [first, count] : {std::pair{0.0, 10.0}, std::pair{3.5, 2.0}}) {
        TimelineView view = whole(recording);
        view.first = first;
        view.count = count;
        const TimelineScene timeline = timeline_of(recording, view);
        for (std::size_t moment = static_cast<std::size_t>(first) + 1; moment < 5; ++moment) {
            const float x = timeline.left + static_cast<float>(static_cast<double>(moment) + 0.5 - first) * timeline.step;
            CHECK(timeline.moment_at(x, view, recording.last_moment()) == moment);
        }
        CHECK(timeline.moment_at(1e6F, view, recording.last_moment()) == recording.last_moment());
        CHECK(timeline.moment_at(-1e6F, view, recording.last_moment()) == 0);
    }
}

TEST_CASE("words on a lane never overlap, however narrow the timeline") {
    const Recording recording = timed_family();
    for (const float width : {160.0F, 300.0F, 500.0F, 900.0F}) {
        TimelineView view = whole(recording);
        view.width = width;
        const TimelineScene timeline = timeline_of(recording, view);
        const FixedMeasure measure;
        for (const SceneLabel& a : timeline.body.labels) {
            for (const SceneLabel& b : timeline.body.labels) {
                if (&a < &b && a.at.y == b.at.y) {
                    const bool apart =
                        a.at.x + measure.width(a.text, a.style) <= b.at.x || b.at.x + measure.width(b.text, b.style) <= a.at.x;
                    CHECK_MESSAGE(apart, a.text << " and " << b.text);
                }
            }
        }
    }
}

TEST_CASE("a word does not cross the gap of an exec, even if the exec's own mark has no room") {
    Recording recording;
    recording.append(event_of(10, StartEvent{9, {"sh"}, "/"}));
    recording.append(event_of(10, ExecEvent{.path = "/bin/sh", .arguments = {"sh"}}));
    for (int i = 0; i < 140; ++i) {
        recording.append(event_of(10, MemoryEvent{}));
    }
    recording.append(event_of(10, SignalEvent{11, 0, 0x10}));
    for (int i = 0; i < 20; ++i) {
        recording.append(event_of(10, MemoryEvent{}));
    }
    const FixedMeasure measure;
    for (const float width : {800.0F, 1200.0F, 1600.0F, 6000.0F}) {
        TimelineView view = whole(recording);
        view.width = width;
        const TimelineScene timeline = timeline_of(recording, view);
        CHECK(has_label(timeline.body, "SIGSEGV"));
        for (const SceneLabel& label : timeline.body.labels) {
            const float right = label.at.x + measure.width(label.text, label.style);
            const bool in_a_bar = std::ranges::any_of(
                bars_of(timeline, 0), [&](const SceneBox& bar) { return bar.box.x <= label.at.x && right <= bar.box.right(); });
            CHECK_MESSAGE((in_a_bar || label.text == "P 10"), label.text);
        }
    }
}

TEST_CASE("a hundred thousand events are drawn with a few marks per lane") {
    Recording recording;
    recording.append(event_of(10, StartEvent{9, {"sh"}, "/"}));
    for (int i = 0; i < 100'000; ++i) {
        recording.append(event_of(10, SignalEvent{10, 0, {}}));
    }
    const TimelineScene timeline = timeline_of(recording, whole(recording));
    CHECK(timeline.body.marks.size() > 50);
    CHECK(timeline.body.marks.size() < 200);
}

TEST_CASE("a timeline that ends at the shown moment tells nothing of what came later: no lane, no end, no mark, no word") {
    const Recording recording = timed_family();
    TimelineView view = whole(recording);
    view.ends_there = true;
    view.moment = 2;
    view.count = 3;
    const auto at = [&] {
        ProcessLanes lanes;
        lanes.follow(recording);
        return layout_timeline(recording, recording.world_at(view.moment), lanes.lanes(), view, words_of("en"), FixedMeasure());
    };
    const TimelineScene two = at();
    CHECK(two.processes.order() == std::vector<std::size_t>{0, 1});  // 12 is not born yet
    CHECK(bars_of(two, 1).size() == 1);                              // and 11 has no other program, and no end
    for (const SceneMark& mark : two.body.marks) {
        CHECK(mark.centre.x <= x_of(two, 2) + 1);
    }
    for (const SceneBox& bar : two.body.boxes) {
        CHECK(bar.filled);  // nothing is hollow: there is no later
    }
    view.moment = 6;
    view.count = 7;
    const TimelineScene ended = at();
    const auto bars = bars_of(ended, 1);
    REQUIRE(bars.size() == 3);
    CHECK(bars[2].dashed);  // it has ended, and nobody knows yet that it will be reaped
    CHECK(bars[2].box.right() == doctest::Approx(x_of(ended, 6.5)));
    CHECK(has_label(ended.ruler, "6 · 0.000 s"));
}

TEST_CASE("a word that the end of its bar has no room for stands behind the bar, where it can be read") {
    const Recording recording = timed_family();
    TimelineView view = whole(recording);
    view.count = 16;  // the bars end before the view does
    const TimelineScene timeline = timeline_of(recording, view);
    const float end = bars_of(timeline, 0).back().box.right();
    for (const SceneLabel& label : timeline.body.labels) {
        if (label.on_fill && label.role == bars_of(timeline, 0).back().role) {
            CHECK(label.at.x + FixedMeasure().width(label.text, label.style) <= end);
        }
    }
}
