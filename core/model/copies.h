// What an event shows to have been copied: its readings against those before. Pure.
#pragma once

#include <vector>

#include "core/model/world.h"

namespace procatlas {

// In a world that the event was not folded into yet. Of a process that was read twice at the event, as before a fork, both
// readings count, in their order.
[[nodiscard]] std::vector<CopiedRun> copied_at(const World& world, const Event& event);

}  // namespace procatlas
