// Regions gathered into the blocks that a memory column draws: neighbours that tell one thing together are one block.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/model/region.h"

namespace procatlas {

struct Block {
    RegionKind kind = RegionKind::anonymous;
    AddressRange range;     // from the first region's start to the last one's end; no holes
    std::size_t first = 0;  // regions [first, first + count) of the column
    std::size_t count = 1;
    std::size_t folded = 0;  // blocks that this one stands for, with the holes between them; 0: it stands for itself
};

// Neighbouring regions without a hole between them become one block when they are of the same kind and file: the parts of one
// shared library, the kernel's pages, or what different permissions split.
[[nodiscard]] std::vector<Block> gather_blocks(std::span<const Region> regions);

// The textbook's view of `blocks`: libraries, files, anonymous and the kernel's pages that stand near one another become one
// block, and what lies among the kernel's own addresses is left out.
[[nodiscard]] std::vector<Block> fold_blocks(std::span<const Block> blocks, std::span<const Region> regions);

// Bytes mapped in it: without the holes of a folded one.
[[nodiscard]] ByteCount block_size(const Block& block, std::span<const Region> regions);

// Libraries among the regions of a block.
[[nodiscard]] std::size_t count_libraries(const Block& block, std::span<const Region> regions);

inline constexpr Address kernel_addresses = 1ULL << 63;  // and above

}  // namespace procatlas
