// Draws what two neighbours share of one area: a bridge is one page for both, a broken bridge is a page for each. Pure.
#pragma once

#include <array>
#include <string>

#include "core/layout/layout_context.h"
#include "core/layout/stage/stage_bridge.h"
#include "core/scene/scene.h"

namespace procatlas {

// `box`: the room between the two columns, as high as the area. `role`: of the area. `names`: of the two processes, "C1".
void add_stage_bridge(const StageBridge& bridge, Role role, const Box& box, const std::array<std::string, 2>& names,
                      Scene& scene, const LayoutContext& context);

}  // namespace procatlas
