// Which processes a picture is about: those that the user named by PID, or else chosen by what happened.
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

// Whose memories to show where there is room for so many: the first process and the youngest others, and always that of the
// acting one. In order of birth; processes with one memory are one.
[[nodiscard]] std::vector<std::size_t> columns_with_acting(const Recording& recording, const World& world, std::size_t moment,
                                                           std::size_t room);

}  // namespace procatlas
