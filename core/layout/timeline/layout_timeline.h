// Recording -> Scene: the timeline. A lane a process from birth to end, one step to the right for each event, so that what
// happened within microseconds is as readable as what took seconds. Pure.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "core/layout/timeline/process_lanes.h"
#include "core/narrate/messages.h"
#include "core/scene/scene.h"

namespace procatlas {

struct TimelineView {
    float width = 800;         // of the room at hand; the scene is exactly as wide
    double first = 0;          // the moment at the left end …
    double count = 1;          // … and how many there is room for
    std::size_t moment = 0;    // shown now
    bool live = false;         // the program goes on: lanes are open at their end
    std::size_t selected = 0;  // process
    float top = 0;             // what of the lanes is seen, in the body's units: marks elsewhere are left out
    float bottom = 1e9F;
};

struct TimelineScene {
    Scene ruler;     // stays while the lanes scroll
    Scene body;      // a lane below the other, in order of birth
    float left = 0;  // where moments begin …
    float step = 1;  // … and how wide one is

    // The moment under x, clamped to the recording.
    [[nodiscard]] std::size_t moment_at(float x, const TimelineView& view, std::size_t last) const;
};

[[nodiscard]] TimelineScene layout_timeline(const Recording& recording, std::span<const ProcessLane> lanes,
                                            const TimelineView& view, const Messages& words, const TextMeasure& measure);

// The y of a process's lane in the body, and its height.
[[nodiscard]] Box lane_box(std::size_t process);

}  // namespace procatlas
