// What the window shows before anything runs: the first example, the other examples, the newest recordings.
#pragma once

#include "app/paint/frame.h"

namespace procatlas {

void draw_welcome_panel(const Frame& frame, Actions& actions, const Box& place);

}  // namespace procatlas
