#include "core/model/recording.h"

#include <algorithm>

namespace procatlas {
namespace {
constexpr std::size_t checkpoint_every = 1024;
}

void Recording::append(Event event) {
    if (std::holds_alternative<OutputEvent>(event.detail)) {
        output_moments_.push_back(events_.size());
    }
    apply(last_, event);
    events_.push_back(std::move(event));
    if (events_.size() % checkpoint_every == 0) {
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
    const std::size_t checkpoint = std::min(count / checkpoint_every, checkpoints_.size());
    World world = checkpoint == 0 ? World{} : checkpoints_[checkpoint - 1];
    for (std::size_t i = world.event_count; i < count; ++i) {
        apply(world, events_[i]);
    }
    return world;
}

}  // namespace procatlas
