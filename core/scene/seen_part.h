// Leaves out of a scene what a screen cannot show, before `draw_scene`. Pure.
#pragma once

#include "core/scene/scene.h"

namespace procatlas {

// The part of `scene` that meets `visible` (in the scene's units), in the same order. `scale`: pixels per unit of the scene.
// Leaves out a filled box that is lower than a pixel and continues the box drawn before it. So a column of 100,000 mappings
// keeps no more boxes than the screen has rows.
[[nodiscard]] Scene seen_part(const Scene& scene, const Box& visible, float scale);

}  // namespace procatlas
