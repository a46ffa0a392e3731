// The boundary between two panels, which can be dragged.
#pragma once

#include "app/paint/frame.h"

namespace procatlas {

// `place` in pixels: the gap between the panels. Dragging changes `share` by `per_pixel`.
void draw_splitter(const Frame& frame, Actions& actions, const char* id, const Box& place, float Shares::* share,
                   float per_pixel);

}  // namespace procatlas
