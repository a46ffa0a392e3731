// The processes that a person asked for by PID.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/result.h"
#include "core/model/recording.h"
#include "core/narrate/messages.h"

namespace procatlas {

// Indices in World::processes, in the order of `pids`. Error: a pid that `world`, which is that of `moment`, does not have.
[[nodiscard]] Result<std::vector<std::size_t>> chosen_processes(const World& world, std::span<const std::int32_t> pids,
                                                                std::size_t moment, const Messages& words);

// The process whose event the moment is; of nobody's event the first. The world has one at least.
[[nodiscard]] std::size_t acting_process(const Recording& recording, const World& world, std::size_t moment);

}  // namespace procatlas
