// Finds the processes that the user named by PID.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/base/result.h"
#include "core/model/recording.h"
#include "core/narrate/messages.h"

namespace procatlas {

// Indices in World::processes, in the order of `pids`. Error: `world`, the world at `moment`, does not have a pid.
[[nodiscard]] Result<std::vector<std::size_t>> chosen_processes(const World& world, std::span<const std::int32_t> pids,
                                                                std::size_t moment, const Messages& words);

// The process of the moment's event, or the first process if the event belongs to none. The world must not be empty.
[[nodiscard]] std::size_t acting_process(const Recording& recording, const World& world, std::size_t moment);

}  // namespace procatlas
