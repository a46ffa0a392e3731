// What the timeline draws: the shape of an event's mark, and how far apart the numbers of its ruler are. Pure.
#pragma once

#include <cstddef>

#include "core/model/event.h"
#include "core/scene/scene.h"

namespace procatlas {

[[nodiscard]] MarkShape mark_shape(const Event& event);

// Rounds up to one of 1, 2, 5, 10, 20, 50, ...
[[nodiscard]] std::size_t round_step(double least);

}  // namespace procatlas
