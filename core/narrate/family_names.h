// Short names for the processes of a run: P for the first, C1, C2, ... for its children in the order of their birth, C1.2 for
// the second child of C1. A name never changes, however the family grows.
// Below six generations it is the place in the order of births: "…37". Pure.
#pragma once

#include <string>
#include <vector>

#include "core/model/world.h"

namespace procatlas {

// One name for each of World::processes. Processes that only a launcher made are L1, L2, ... and are not counted.
[[nodiscard]] std::vector<std::string> family_names(const World& world);
// One of them.
[[nodiscard]] std::string family_name(const World& world, std::size_t process);

}  // namespace procatlas
