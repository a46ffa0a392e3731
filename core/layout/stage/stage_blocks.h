// The blocks of malloc as rows of the stage. Pure.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "core/layout/stage/stage_rows.h"

namespace procatlas {

inline constexpr std::size_t most_stage_blocks = 6;  // of an area

// Blocks that came, went or changed with this event, or that a variable points to: each with its address. Where there are few,
// also the others: a block that nobody can reach any more is still there.
[[nodiscard]] std::vector<std::pair<Address, StageRow>> stage_blocks(const StageLook& look);

}  // namespace procatlas
