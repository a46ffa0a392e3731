// Regions and changes of a process at the moment looked at, as several panels tell them.
#pragma once

#include <vector>

#include "app/paint/frame.h"
#include "core/layout/memory/map_changes.h"
#include "core/model/region.h"

namespace procatlas {

// Empty: there is no such process at this moment.
[[nodiscard]] std::vector<Region> regions_now(const Frame& frame, std::size_t process);

// What is to be marked in the map of `process`, while the first column shows that of `first`.
[[nodiscard]] MapChanges changes_of(const Frame& frame, std::size_t process, std::size_t first);

}  // namespace procatlas
