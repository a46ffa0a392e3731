// What the programs printed, for a figure: the last lines, each behind the PID of who wrote it. Pure.
#pragma once

#include "core/layout/layout_context.h"
#include "core/model/recording.h"
#include "core/narrate/messages.h"
#include "core/scene/scene.h"

namespace procatlas {

// Up to `moment`; lines wider than `width` are wrapped. `world`: that of the moment.
[[nodiscard]] Scene layout_figure_output(const LayoutContext& context, float width);

}  // namespace procatlas
