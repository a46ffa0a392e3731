// Groups regions into the blocks that a memory column draws. Neighbours that belong together become one block.
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
    std::size_t folded = 0;  // blocks that this one replaces, together with the holes between them; 0: it replaces none
};

// Joins neighbouring regions of the same kind and file that have no hole between them: the parts of one shared library, the
// kernel's pages, or a mapping split by different permissions.
[[nodiscard]] std::vector<Block> gather_blocks(std::span<const Region> regions);

// The textbook's view of `blocks`: joins libraries, files, anonymous memory and the kernel's pages that are near one another,
// and leaves out the kernel's own addresses.
[[nodiscard]] std::vector<Block> fold_blocks(std::span<const Block> blocks, std::span<const Region> regions);

// Mapped bytes of the block, without the holes of a folded one.
[[nodiscard]] ByteCount block_size(const Block& block, std::span<const Region> regions);

// Libraries among the regions of a block.
[[nodiscard]] std::size_t count_libraries(const Block& block, std::span<const Region> regions);

inline constexpr Address kernel_addresses = 1ULL << 63;  // from here on

}  // namespace procatlas
