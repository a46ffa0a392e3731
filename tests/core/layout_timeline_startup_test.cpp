#include <doctest/doctest.h>

#include "core/layout/timeline/layout_timeline.h"
#include "figure_support.h"

using namespace procatlas;

namespace {

ObservedEvent of_first(EventDetail detail) {
    ObservedEvent event;
    event.process = {10, 10};
    event.thread = 10;
    event.detail = std::move(detail);
    return event;
}

// start, exec, `noise` memory calls, then `last`.
Recording beginning_with(std::size_t noise, EventDetail last) {
    Recording recording;
    recording.append(of_first(StartEvent{}));
    recording.append(of_first(ExecEvent{"/bin/a", {}, false, 0, 0, 0}));
    for (std::size_t i = 0; i < noise; ++i) {
        recording.append(of_first(MemoryEvent{}));
    }
    recording.append(of_first(std::move(last)));
    recording.append(of_first(LineEvent{}));
    return recording;
}

}  // namespace

TEST_CASE("start-up before the first own function is one stretch, and what a program does itself never is") {
    const StartupStretch stretch = startup_stretch(beginning_with(15, CallEvent{}));
    CHECK(stretch.first == 2);
    CHECK(stretch.end == 17);
    CHECK(startup_stretch(beginning_with(2, CallEvent{})).empty());     // too short to be in the way
    CHECK(startup_stretch(beginning_with(15, OutputEvent{})).empty());  // it prints without telling of functions
    CHECK(startup_stretch(Recording()).empty());
}

TEST_CASE("every moment has its place beside the folded stretch, and a place leads back to its moment") {
    const StartupStretch stretch{2, 17, 1};
    CHECK(stretch.place_of(1) == 1);
    CHECK(stretch.place_of(17) == 3);
    CHECK(stretch.place_of(20) == 6);
    for (const double moment : {0.0, 1.5, 2.0, 9.0, 16.9, 17.0, 40.25}) {
        CHECK(stretch.moment_at(stretch.place_of(moment)) == doctest::Approx(moment));
    }
    CHECK(StartupStretch{}.place_of(12.5) == 12.5);
}

TEST_CASE("the folded stretch is narrow, can be clicked, and says how many events it has") {
    const Recording recording = beginning_with(30, CallEvent{});
    ProcessLanes lanes;
    lanes.follow(recording);
    TimelineView view;
    view.startup = startup_stretch(recording);
    view.startup.width = 2;
    view.count = view.startup.place_of(34);
    const FixedMeasure measure;
    const TimelineScene scene =
        layout_timeline(recording, recording.last_world(), lanes.lanes(), view, words_of("en"), measure);
    const float middle = scene.x_of(16, view);
    CHECK(scene.ruler.hit_at({middle, 8}).kind == HitKind::fold);
    CHECK(scene.moment_at(scene.x_of(33, view), view, 33) == 33);
    CHECK(scene.x_of(32, view) - scene.x_of(1, view) < view.width * 0.8F);
    CHECK(std::ranges::any_of(scene.ruler.labels,
                              [](const SceneLabel& label) { return label.text.find("30") != std::string::npos; }));
}

TEST_CASE("a lane with descendants has a switch that folds them") {
    const Recording recording = family_recording();
    ProcessLanes lanes;
    lanes.follow(recording);
    TimelineView view;
    view.folds = true;
    view.count = static_cast<double>(recording.events().size());
    const FixedMeasure measure;
    const TimelineScene scene =
        layout_timeline(recording, recording.last_world(), lanes.lanes(), view, words_of("en"), measure);
    const Box first = lane_box(0);
    const Hit hit = scene.body.hit_at({4, first.y + first.height / 2});
    CHECK(hit.kind == HitKind::subtree);
    CHECK(hit.process == 0);
}
