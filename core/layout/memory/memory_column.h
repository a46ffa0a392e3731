// One process's memory as a column of a drawing: what it shows, not yet where.
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
    bool shared = false;  // with a child by vfork
    MapChanges changes;   // that are marked …
    bool sides = false;   // … against another process, not against a moment before
    int group = 0;        // columns of one moment, in a drawing of several: more room stands between two groups
};

// Those of `processes` whose memory is to be drawn: processes that share one memory are drawn once, under all their names.
[[nodiscard]] std::vector<std::size_t> distinct_memories(const World& world, std::span<const std::size_t> processes);

// Title, subtitle and fate alone.
[[nodiscard]] MemoryColumn memory_title(const World& world, std::size_t process, const Messages& words);
[[nodiscard]] MemoryColumn memory_column(const World& world, std::size_t process, std::span<const ElfImage> images,
                                         const Messages& words);

}  // namespace procatlas
