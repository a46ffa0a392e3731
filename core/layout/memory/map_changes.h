// What differs between two memory maps: of one process at two moments, or of two processes. Pure.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/model/recording.h"
#include "core/model/region.h"
#include "core/narrate/messages.h"

namespace procatlas {

enum class ChangeKind {
    appeared,  // only in the second map
    gone,      // only in the first
    grew,
    shrank,
    changed,  // as large as before, elsewhere or with other permissions
};

struct MapChange {
    ChangeKind kind = ChangeKind::appeared;
    AddressRange range;  // in the second map; of what is gone, in the first
    RegionKind region = RegionKind::anonymous;
    std::string name;      // of the block, as drawn
    ByteCount before = 0;  // bytes
    ByteCount after = 0;
};

struct MapChanges {
    std::vector<MapChange> changes;  // ascending by address
    bool replaced = false;           // nothing is as it was: another program

    [[nodiscard]] bool empty() const { return changes.empty(); }
};

// Both ascending. What is a block is told in memory_blocks.h; blocks are the same one where they overlap and are of one kind
// and one file.
[[nodiscard]] MapChanges compare_maps(std::span<const Region> before, std::span<const Region> after, const Messages& words);

// What the last event of the process, seen from `world` at `moment`, did to its map; none where it had no map.
[[nodiscard]] MapChanges changes_at(const Recording& recording, const World& world, std::size_t process, const Messages& words);

// What became of its map since `base`; none where it had no map then or has none now.
[[nodiscard]] MapChanges changes_since(const Recording& recording, const World& world, std::size_t process, std::size_t base,
                                       const Messages& words);

// "new", "+4 KiB", "−4 KiB", "changed", "gone"; between processes ("only here", ...) where `sides` is true.
[[nodiscard]] std::string change_text(const MapChange& change, const Messages& words, bool sides);

}  // namespace procatlas
