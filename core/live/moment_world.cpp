#include "core/live/moment_world.h"

namespace procatlas {

const World& MomentWorld::at(const Recording& recording, std::size_t generation, std::optional<std::size_t> moment) {
    if (!moment) {
        return recording.last_world();
    }
    if (moment != moment_ || generation != generation_) {
        past_ = recording.world_at(*moment);
        moment_ = moment;
        generation_ = generation;
    }
    return past_;
}

}  // namespace procatlas
