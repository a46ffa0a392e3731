// A process's regions and changes at the shown moment, for several panels.
#pragma once

#include <vector>

#include "app/paint/frame.h"
#include "core/layout/memory/map_changes.h"
#include "core/model/region.h"

namespace procatlas {

// Empty: the process does not exist at this moment.
[[nodiscard]] std::vector<Region> regions_now(const Frame& frame, std::size_t process);

// The changes to mark in the map of `process`. The first column shows `first`.
[[nodiscard]] MapChanges changes_of(const Frame& frame, std::size_t process, std::size_t first);

}  // namespace procatlas
