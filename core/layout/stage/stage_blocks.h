// The blocks of malloc as rows of the stage. Pure.
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "core/layout/stage/stage_rows.h"

namespace procatlas {

inline constexpr std::size_t most_stage_blocks = 6;  // of an area

struct StageBlocks {
    std::vector<std::pair<Address, StageRow>> rows;  // each with its address
    std::vector<Address> others;
};

// Rows are made of blocks that came, went or changed with this event, or that a variable points to. Where there are few, also
// of the others: a block that nobody can reach any more is still there.
[[nodiscard]] StageBlocks stage_blocks(const StageLook& look);

}  // namespace procatlas
