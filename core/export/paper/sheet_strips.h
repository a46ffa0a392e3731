// The parts of a sheet as strips, which a page takes one below the other. Pure.
#pragma once

#include <vector>

#include "core/export/paper/sheet.h"

namespace procatlas {

// A strip is not cut by the end of a page.
struct SheetStrip {
    Scene scene;
    float scale = 1;
    float above = 0;         // room before it, unless it begins a page
    bool with_next = false;  // stands on the same page as the next strip
};

// `width`, `tallest`: of what a strip may cover.
[[nodiscard]] std::vector<SheetStrip> sheet_strips(const Sheet& sheet, float width, float tallest, const TextMeasure& measure,
                                                   const Messages& words);

}  // namespace procatlas
