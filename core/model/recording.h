// An append-only list of events, and the ELF images seen on the way. One thread only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/model/event.h"
#include "core/model/image.h"
#include "core/model/world.h"

namespace procatlas {

class Recording {
public:
    // The event's position is its moment: 0, 1, 2, ...
    void append(Event event);
    void add_image(ElfImage image);

    [[nodiscard]] std::span<const Event> events() const { return events_; }
    [[nodiscard]] std::span<const ElfImage> images() const { return images_; }
    [[nodiscard]] bool empty() const { return events_.empty(); }
    // Moment of the last event; 0 for an empty recording.
    [[nodiscard]] std::size_t last_moment() const { return events_.empty() ? 0 : events_.size() - 1; }
    // Moments of the output events, ascending.
    [[nodiscard]] std::span<const std::size_t> output_moments() const { return output_moments_; }

    // The world after the event at `moment` (clamped). The last world is kept; others are rebuilt from a checkpoint.
    [[nodiscard]] World world_at(std::size_t moment) const;
    [[nodiscard]] const World& last_world() const { return last_; }

private:
    std::vector<Event> events_;
    std::vector<ElfImage> images_;
    std::vector<std::size_t> output_moments_;
    World last_;
    std::vector<World> checkpoints_;  // ascending by event_count
};

}  // namespace procatlas
