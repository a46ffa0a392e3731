// Heap -> Scene: the allocator's chunks from low to high addresses. Marks those that no known variable leads to. Pure.
#pragma once

#include <span>
#include <vector>

#include "core/model/inside.h"
#include "core/narrate/messages.h"
#include "core/scene/scene.h"

namespace procatlas {

struct HeapView {
    float width = 330;
    std::size_t most_chunks = 24;  // runs of other chunks are folded
    const Heap* before = nullptr;  // the heap at the process's previous moment; null: marks no changes
    Address brk = 0;               // end of the heap; 0: unknown
};

struct ChunkPlace {
    AddressRange range;
    Box box;
};

struct HeapScene {
    Scene scene;
    std::vector<ChunkPlace> places;  // of the chunks shown

    // nullptr: the chunk is not shown.
    [[nodiscard]] const ChunkPlace* place_of(Address address) const;
};

// For each chunk, whether it is in use and reachable from `roots` (addresses in variables), directly or through other chunks.
[[nodiscard]] std::vector<bool> reachable_chunks(const Heap& heap, std::span<const Address> roots);

[[nodiscard]] HeapScene layout_heap(const Heap& heap, std::span<const Address> roots, const HeapView& view,
                                    const Messages& words, const TextMeasure& measure);

}  // namespace procatlas
