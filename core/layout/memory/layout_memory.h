// World -> Scene: the memory of chosen processes, one column each. The same virtual addresses are side by side. Pure.
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
    float width = 800;                // available; the scene is wider if the columns do not fit
    float height = 600;               // available; the scene is higher if the blocks do not fit at their minimum heights
    bool all_regions = false;         // show each region; false: the textbook's view, with libraries and the like folded
    Hit selected;                     // a region, or none
    std::size_t pointed_process = 0;  // the process whose address …
    std::optional<Address> pointed;   // … the pointer is over in the output
    float top = 0;                    // the visible part of the body: blocks outside it get neither box nor words
    float bottom = 1e9F;
};

struct ColumnPlace {
    std::size_t process = 0;
    Box box;  // the column's outline in the body
};

struct MemoryScene {
    Scene header;  // column titles, which stay when the body scrolls
    Scene body;
    AddressAxis axis;  // y inside the body is axis_top + axis.y(address)
    float axis_top = 0;
    std::vector<ColumnPlace> columns;
    bool left_out = false;  // some block has no room for its size: wider columns would show it
};

[[nodiscard]] MemoryScene layout_memory(std::span<const MemoryColumn> columns, const MemoryView& view, const Messages& words,
                                        const TextMeasure& measure);

// The width that a view needs to make each of `columns` columns `column_width` wide.
[[nodiscard]] float memory_width(std::size_t columns, float column_width, const TextMeasure& measure);

// How many columns fit side by side into `width` without scrolling. At least one.
[[nodiscard]] std::size_t columns_that_fit(float width, const TextMeasure& measure);

}  // namespace procatlas
