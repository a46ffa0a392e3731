// The lives of processes as an exercise about their states draws them: nobody waits, stops or ends. Pure.
#pragma once

#include <span>
#include <vector>

#include "core/layout/timeline/process_lanes.h"
#include "core/model/world.h"

namespace procatlas {

// All processes run: neither a word nor the look of a card tells otherwise.
[[nodiscard]] World without_states(World world);
// No bar ends, and no mark tells what happened: only births are left.
[[nodiscard]] std::vector<ProcessLane> without_states(std::span<const ProcessLane> lanes);

}  // namespace procatlas
