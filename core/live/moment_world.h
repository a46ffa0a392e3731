// The world that a person looks at: of the present, or of a moment gone by.
#pragma once

#include <cstddef>
#include <optional>

#include "core/model/recording.h"

namespace procatlas {

class MomentWorld {
public:
    // `generation` tells recordings apart. Valid until the next call, and while `recording` does not grow.
    const World& at(const Recording& recording, std::size_t generation, std::optional<std::size_t> moment);

private:
    World past_;
    std::optional<std::size_t> moment_;  // of past_
    std::size_t generation_ = 0;
};

}  // namespace procatlas
