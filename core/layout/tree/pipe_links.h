// Which processes are joined by a pipe, by what was last read of their open files. Pure.
#pragma once

#include <cstddef>
#include <vector>

#include "core/model/world.h"

namespace procatlas {

struct PipeLink {
    std::size_t writer = 0;  // indices in World::processes
    std::size_t reader = 0;
    bool both_ways = false;  // each has both ends, as right after a fork
};

// Of the living. Where some processes have only one end of a pipe, who still has both is left out, and whose child has the same
// end: they made the pipe for others, and that they close it is no event.
[[nodiscard]] std::vector<PipeLink> pipe_links(const World& world);

}  // namespace procatlas
