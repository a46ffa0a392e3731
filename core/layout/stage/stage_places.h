// Where the columns of the stage stand side by side, and how wide the bridges between them are. Pure.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/layout/stage/stage_column.h"

namespace procatlas {

struct StagePlace {
    float x = 0;
    float width = 0;
    float bridge = 0;     // to the next one
    bool narrow = false;  // of a process without memory, beside others that have some
};

// The room is for those that have memory; where none has, for all alike.
[[nodiscard]] std::vector<StagePlace> place_columns(std::span<const StageColumn> columns, float width);

// How many columns can be read side by side in `width`. At least one.
[[nodiscard]] std::size_t stage_columns_that_fit(float width);

}  // namespace procatlas
