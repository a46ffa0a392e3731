// Finds the processes that a pipe connects, by the open files that were last read. Pure.
#pragma once

#include <cstddef>
#include <vector>

#include "core/model/world.h"

namespace procatlas {

struct PipeLink {
    std::size_t writer = 0;  // indices in World::processes
    std::size_t reader = 0;
    bool both_ways = false;  // each has both ends, for example right after a fork
};

// Only of living processes. Once some processes have only one end of a pipe, leaves out those that have both, and those whose
// child has the same end. They made the pipe for others, and no event reports when they close it.
[[nodiscard]] std::vector<PipeLink> pipe_links(const World& world);

}  // namespace procatlas
