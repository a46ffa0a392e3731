// The timeline: one lane per process from birth to end, one step to the right per event.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "app/paint/frame.h"
#include "core/base/memo.h"
#include "core/layout/timeline/layout_timeline.h"

namespace procatlas {

class TimelinePanel {
public:
    void draw(const Frame& frame, Actions& actions, const Box& place);
    // In pixels, enough for all lanes. In a lesson what comes after the shown moment is left out.
    [[nodiscard]] float wanted_height(const Frame& frame) const;
    // The same, but no lane is cut where `room` pixels are not enough; one of them at least.
    [[nodiscard]] float height_within(const Frame& frame, float room) const;

private:
    void follow(const Frame& frame);
    void draw_head(const Frame& frame, Actions& actions) const;
    void take_pointer(const Frame& frame, Actions& actions, float x, float y);
    // The event of the process nearest to the pointer, of those that are drawn.
    [[nodiscard]] std::optional<std::uint32_t> event_near(const Frame& frame, std::size_t process, float x) const;
    void tell(const Frame& frame, std::size_t moment) const;
    void zoom(float x, float steps, double all);
    void keep_in_range(double all);
    [[nodiscard]] const TimelineScene& scene() const { return scene_.last(); }
    // One behind the last moment that is drawn.
    [[nodiscard]] static std::size_t end_of(const Frame& frame);
    // The end of the timeline, as a place.
    [[nodiscard]] double all_places(const Frame& frame) const;
    void follow_startup(const Frame& frame);

    ProcessLanes lanes_;
    TimelineView view_;
    Memo<std::pair<std::array<std::size_t, 4>, TimelineView>, TimelineScene> scene_;
    bool startup_open_ = false;     // what happened before main is drawn moment by moment
    bool zoomed_ = false;           // false: shows the whole recording
    bool dragging_ = false;         // the user drags the shown moment
    std::size_t shown_moment_ = 0;  // in the previous draw
    float scroll_ = 0;              // pixels
    CueWatch shows_;
    std::size_t generation_ = 0;
};

}  // namespace procatlas
