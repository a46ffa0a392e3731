// Recording -> Scene: the timeline. Each process has a lane from birth to end. Each event takes one step to the right, so that
// microseconds are as readable as seconds. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "core/layout/processes/shown_processes.h"
#include "core/layout/timeline/process_lanes.h"
#include "core/layout/timeline/startup_stretch.h"
#include "core/narrate/messages.h"
#include "core/scene/scene.h"

namespace procatlas {

struct TimelineView {
    float width = 800;         // available; the scene has exactly this width
    double first = 0;          // the place (startup_stretch.h) at the left edge …
    double count = 1;          // … and how many places are visible
    StartupStretch startup{};  // drawn as one short stretch; empty: nothing is
    std::size_t moment = 0;    // the shown moment
    bool ends_there = false;   // what came after it is left out: somebody is to predict it
    bool live = false;         // the program still runs, so lanes have no end yet
    std::size_t selected = 0;  // index of a process
    bool folds = false;        // lanes with descendants have a switch that folds them
    ProcessChoice choice;      // which processes have a lane
    float top = 0;             // the visible part of the lanes, in the body's units; marks outside it are left out
    float bottom = 1e9F;

    bool operator==(const TimelineView&) const = default;
};

struct TimelineScene {
    Scene ruler;               // stays when the lanes scroll
    Scene body;                // one lane below the other, in order of birth
    float left = 0;            // x of moment 0 …
    float step = 1;            // … and width of one moment
    ShownProcesses processes;  // which process each lane is of

    // The x of the middle of a moment.
    [[nodiscard]] float x_of(double moment, const TimelineView& view) const {
        return left + static_cast<float>(view.startup.place_of(moment + 0.5) - view.first) * step;
    }
    // The moment at x, clamped to `last`.
    [[nodiscard]] std::size_t moment_at(float x, const TimelineView& view, std::size_t last) const;
};

// `shown`: the world at the view's moment.
[[nodiscard]] TimelineScene layout_timeline(const Recording& recording, const World& shown, std::span<const ProcessLane> lanes,
                                            const TimelineView& view, const Messages& words, const TextMeasure& measure);

// The box of a lane in the body, counted from the top: only y and height are set.
[[nodiscard]] Box lane_box(std::size_t lane);

}  // namespace procatlas
