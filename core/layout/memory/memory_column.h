// What the column of one process's memory shows, before it is laid out.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/layout/memory/map_changes.h"
#include "core/model/memory_blocks.h"
#include "core/model/places.h"
#include "core/model/world.h"
#include "core/narrate/messages.h"

namespace procatlas {

struct MemoryColumn {
    std::size_t process = 0;      // index in World::processes
    std::vector<Region> regions;  // ascending; empty: its map was never read
    std::vector<Place> places;
    std::string title;     // "17925"
    std::string subtitle;  // "child of 17924"
    bool gone = false;
    bool kernel_thread = false;  // it has no map
    bool shared = false;         // with a vfork child
    MapChanges changes;          // changes to mark …
    bool sides = false;          // … compared with another process, not with an earlier moment
    int group = 0;               // columns of one moment form a group; the gaps between groups are wider
};

// The processes whose memory to draw. Processes that share one memory are drawn once, with all their names.
[[nodiscard]] std::vector<std::size_t> distinct_memories(const World& world, std::span<const std::size_t> processes);

// Only title, subtitle and whether the process is gone.
[[nodiscard]] MemoryColumn memory_title(const World& world, std::size_t process, const Messages& words);
[[nodiscard]] MemoryColumn memory_column(const World& world, std::size_t process, std::span<const ElfImage> images,
                                         const Messages& words);

}  // namespace procatlas
