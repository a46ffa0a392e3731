// Compares two memory maps: of one process at two moments, or of two processes. Pure.
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
    changed,  // of the same size, but moved or with other permissions
};

struct MapChange {
    ChangeKind kind = ChangeKind::appeared;
    AddressRange range;  // in the second map; for `gone`, in the first
    RegionKind region = RegionKind::anonymous;
    std::string name;      // of the block, as shown in the drawing
    ByteCount before = 0;  // bytes
    ByteCount after = 0;
};

struct MapChanges {
    std::vector<MapChange> changes;  // ascending by address
    bool replaced = false;           // nothing is the same: the process runs another program

    [[nodiscard]] bool empty() const { return changes.empty(); }
};

// Both maps are ascending. memory_blocks.h defines blocks. Two blocks are the same if they overlap and have the same kind and
// file.
[[nodiscard]] MapChanges compare_maps(std::span<const Region> before, std::span<const Region> after, const Messages& words);

// How the last event of the process before `world` changed its map. No changes if it had no map.
[[nodiscard]] MapChanges changes_at(const Recording& recording, const World& world, std::size_t process, const Messages& words);

// How its map changed since moment `base`. No changes if it had no map then or has none now.
[[nodiscard]] MapChanges changes_since(const Recording& recording, const World& world, std::size_t process, std::size_t base,
                                       const Messages& words);

// "new", "+4 KiB", "−4 KiB", "changed", "gone". If `sides`, the words for two processes ("only here", ...).
[[nodiscard]] std::string change_text(const MapChange& change, const Messages& words, bool sides);

}  // namespace procatlas
