// Where more processes are to be shown than columns fit: which of them are shown, and the way to the others.
#pragma once

#include "app/paint/frame.h"

namespace procatlas {

// Between `x` and `end`, in the panel's head. Returns the x behind it. As many processes have their name there as have room;
// the others are counted, and a click lists them.
float draw_column_pager(const Frame& frame, Actions& actions, float x, float end);

}  // namespace procatlas
