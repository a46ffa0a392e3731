// What of a scene needs to be drawn on a screen: a filter before `draw_scene`. Pure.
#pragma once

#include "core/scene/scene.h"

namespace procatlas {

// What of `scene` meets `visible` (in the scene's units), in the same order. `scale`: pixels for each of the scene's units. A
// filled box lower than a pixel that continues the box drawn before it adds nothing and is left out: of 100,000 mappings in one
// column no more boxes remain than the screen has rows.
[[nodiscard]] Scene seen_part(const Scene& scene, const Box& visible, float scale);

}  // namespace procatlas
