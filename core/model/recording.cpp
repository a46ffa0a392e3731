#include "core/model/recording.h"

#include <algorithm>

namespace procatlas {
namespace {
constexpr std::size_t checkpoint_every = 1024;  // events at least; and a few for each process, for a checkpoint copies all
}

void Recording::append(Event event) {
    if (std::holds_alternative<OutputEvent>(event.detail)) {
        output_moments_.push_back(events_.size());
    }
    apply(last_, event);
    events_.push_back(std::move(event));
    const std::size_t last = checkpoints_.empty() ? 0 : checkpoints_.back().event_count;
    if (events_.size() - last >= std::max(checkpoint_every, 4 * last_.processes.size())) {
        checkpoints_.push_back(last_);
    }
}

void Recording::add_image(ElfImage image) {
    images_.push_back(std::move(image));
}

World Recording::world_at(std::size_t moment) const {
    if (events_.empty() || moment >= last_moment()) {
        return last_;
    }
    const std::size_t count = moment + 1;
    const auto after = std::ranges::upper_bound(checkpoints_, count, {}, &World::event_count);
    World world = after == checkpoints_.begin() ? World{} : *std::prev(after);
    for (std::size_t i = world.event_count; i < count; ++i) {
        apply(world, events_[i]);
    }
    return world;
}

}  // namespace procatlas
