// Draws the cards of one area of the stage: frames, variables, blocks and objects, those that have room. Pure.
#pragma once

#include <cstddef>
#include <span>

#include "core/layout/stage/stage_column.h"
#include "core/layout/stage/stage_heights.h"
#include "core/layout/stage/stage_pen.h"

namespace procatlas {

// `role`: in whose colour the area is. `column`: index of the group in the scene.
void add_stage_cards(std::span<const StageCard> cards, std::span<const ShownCard> shown, const Box& area, Role role,
                     std::size_t column, StagePen& pen);

}  // namespace procatlas
