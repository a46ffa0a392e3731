// Regions gathered into the blocks that a memory column draws: neighbours that tell one thing together are one block.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/layout/words.h"
#include "core/model/region.h"
#include "core/model/world.h"

namespace procatlas {

struct Block {
    RegionKind kind = RegionKind::anonymous;
    AddressRange range;     // from the first region's start to the last one's end; no holes
    std::size_t first = 0;  // regions [first, first + count) of the column
    std::size_t count = 1;
};

// Neighbouring regions without a hole between them become one block when they are of the same kind and file: the parts of one
// shared library, the kernel's pages, or what different permissions split.
[[nodiscard]] std::vector<Block> gather_blocks(std::span<const Region> regions);

// "heap", "libc.so.6", "stack of thread 1234", ...
[[nodiscard]] std::string block_name(const Block& block, std::span<const Region> regions, const Words& words);

// A place of a process in its address space that the kernel or a register points at.
enum class PlaceKind { program_counter, stack_pointer, brk, stack_start, entry };
struct Place {
    PlaceKind kind = PlaceKind::program_counter;
    Address address = 0;
    std::int32_t thread = 0;  // 0: the leader's
};

// What is known of them, at most `thread_limit` threads.
[[nodiscard]] std::vector<Place> places_of(const Process& process, std::span<const Region> regions,
                                           std::size_t thread_limit = 4);

[[nodiscard]] std::string_view place_key(PlaceKind kind);  // "place.pc", ...

}  // namespace procatlas
