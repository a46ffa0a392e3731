// Heap -> Scene: the chunks of the allocator from low to high addresses, and which of them no known variable leads to. Pure.
#pragma once

#include <span>
#include <vector>

#include "core/model/inside.h"
#include "core/narrate/messages.h"
#include "core/scene/scene.h"

namespace procatlas {

struct HeapView {
    float width = 330;
    std::size_t most_chunks = 24;  // runs of the others are folded
    const Heap* before = nullptr;  // at the process's moment before; null: nothing is marked
    Address brk = 0;               // where the heap ends; 0: not known
};

struct ChunkPlace {
    AddressRange range;
    Box box;
};

struct HeapScene {
    Scene scene;
    std::vector<ChunkPlace> places;  // of the chunks on show

    // nullptr: it is not on show.
    [[nodiscard]] const ChunkPlace* place_of(Address address) const;
};

// Indices of the chunks in use that can be reached from `roots` (addresses that variables hold), through other chunks too.
[[nodiscard]] std::vector<bool> reachable_chunks(const Heap& heap, std::span<const Address> roots);

[[nodiscard]] HeapScene layout_heap(const Heap& heap, std::span<const Address> roots, const HeapView& view,
                                    const Messages& words, const TextMeasure& measure);

}  // namespace procatlas
