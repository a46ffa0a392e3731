// What is drawn of a process on the stage besides its areas: the head with its name and state, and the edge around its memory
// or around the words that say why it has none. Pure.
#pragma once

#include "core/layout/stage/stage_column.h"
#include "core/layout/stage/stage_pen.h"
#include "core/layout/stage/stage_places.h"

namespace procatlas {

inline constexpr float stage_head = 46;  // its height
inline constexpr float stage_edge = 2;   // in the colour of the process

// The column reaches from the head to `bottom`.
void add_stage_outline(const StageColumn& column, const StagePlace& place, float bottom, StagePen& pen);

}  // namespace procatlas
