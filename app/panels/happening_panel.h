// The latest event in plain language, in one line.
#pragma once

#include "app/paint/frame.h"

namespace procatlas {

// `place` in pixels. Returns its height.
float draw_happening_panel(const Frame& frame, const Box& place);

}  // namespace procatlas
