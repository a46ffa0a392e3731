// Two scenes of the same view -> the scenes between them, so that an eye can follow what comes, moves and goes. Needs no clock:
// whoever draws says how far the change is. Pure.
#pragma once

#include "core/scene/scene.h"

namespace procatlas {

// `progress`: 0 is `from`, 1 is `to`. What both have moves and grows. What is new in a group grows; a new group slides out of
// its parent's. What is gone shrinks, falls where its group has become something else, and slides back where its group is gone.
// Without parts in the scenes there is nothing to follow, and the result is `to`.
[[nodiscard]] Scene scene_between(const Scene& from, const Scene& to, float progress);

}  // namespace procatlas
