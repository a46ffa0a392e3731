// The world that a person looks at: the present one, or that of a past moment.
#pragma once

#include <cstddef>
#include <optional>

#include "core/model/recording.h"

namespace procatlas {

class MomentWorld {
public:
    // A recording is known by its `generation`. Valid until the next call, and while `recording` does not grow.
    const World& at(const Recording& recording, std::size_t generation, std::optional<std::size_t> moment);

private:
    World past_;
    std::optional<std::size_t> moment_;  // the moment of past_
    std::size_t generation_ = 0;
};

}  // namespace procatlas
