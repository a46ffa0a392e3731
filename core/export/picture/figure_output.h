// What the programs printed, for a figure: the last lines, each after the PID that wrote it. Pure.
#pragma once

#include "core/layout/layout_context.h"
#include "core/model/recording.h"
#include "core/narrate/messages.h"
#include "core/scene/scene.h"

namespace procatlas {

// Shows output up to `moment` and wraps lines wider than `width`. `world`: the world at that moment.
[[nodiscard]] Scene layout_figure_output(const LayoutContext& context, float width);

}  // namespace procatlas
