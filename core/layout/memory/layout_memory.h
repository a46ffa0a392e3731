// World -> Scene: the memory of chosen processes, one column each, side by side at the same virtual addresses. Pure.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/layout/memory/address_axis.h"
#include "core/layout/memory/memory_column.h"
#include "core/narrate/messages.h"
#include "core/scene/scene.h"

namespace procatlas {

struct MemoryView {
    float width = 800;                // of the room at hand; the scene is wider where the columns do not fit
    float height = 600;               // the scene is higher where the blocks do not fit, even at their lowest
    bool all_regions = false;         // one by one; else the textbook's view: libraries and the like folded into one block
    Hit selected;                     // a region, or nothing
    std::size_t pointed_process = 0;  // whose address is pointed at …
    std::optional<Address> pointed;   // … and which: hovering in the output
};

struct ColumnPlace {
    std::size_t process = 0;
    Box box;  // its frame in the body
};

struct MemoryScene {
    Scene header;  // titles of the columns: stays while the body scrolls
    Scene body;
    AddressAxis axis;  // y inside the body is axis_top + axis.y(address)
    float axis_top = 0;
    std::vector<ColumnPlace> columns;
    bool left_out = false;  // the size of a block had no room: wider columns would show it
};

[[nodiscard]] MemoryScene layout_memory(std::span<const MemoryColumn> columns, const MemoryView& view, const Messages& words,
                                        const TextMeasure& measure);

// The view's width that gives each of `columns` columns `column_width`.
[[nodiscard]] float memory_width(std::size_t columns, float column_width, const TextMeasure& measure);

// How many columns fit side by side into `width` without scrolling; at least one.
[[nodiscard]] std::size_t columns_that_fit(float width, const TextMeasure& measure);

}  // namespace procatlas
