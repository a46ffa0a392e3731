// Shares the height of the stage: which pieces of the areas are shown, and how high each area is. Columns of processes with one
// layout share their rows, so the same area is at the same height in each. Pure.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/layout/stage/stage_column.h"

namespace procatlas {

inline constexpr float stage_area_title = 25;
inline constexpr float stage_least_area_title = 18;
inline constexpr float stage_card_title = 21;
inline constexpr float stage_row = 20;
inline constexpr float stage_note = 15;     // the second line of a row
inline constexpr float stage_card_pad = 4;  // above and below the rows of a card
inline constexpr float stage_card_gap = 4;  // below a card
inline constexpr float stage_pointer = 16;  // "SP 7ffd…" below a card
inline constexpr float stage_gap = 17;      // "959 GiB not mapped"
inline constexpr float stage_least_gap = 3;

struct ShownRow {
    std::size_t row = 0;  // index in StageCard::rows
    bool with_note = false;
};
struct ShownCard {
    std::size_t card = 0;
    std::vector<ShownRow> rows;

    [[nodiscard]] float height(const StageCard& shown) const;
};
struct ShownArea {
    std::string key;
    float y = 0;
    float height = 0;
    float gap_below = 0;
    std::vector<std::vector<ShownCard>> cards;  // for each column
};

// Columns of the same layout, from the top. `columns` are indices in the columns that were given.
struct StageGroup {
    std::vector<std::size_t> columns;
    std::vector<ShownArea> areas;
};

// Every group is exactly `height` high, or higher if not even the titles fit.
[[nodiscard]] std::vector<StageGroup> share_height(std::span<const StageColumn> columns, float height);

}  // namespace procatlas
