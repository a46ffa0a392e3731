// Where the lines and dots of a hatch lie: the same for every canvas.
#pragma once

#include <utility>
#include <vector>

#include "core/scene/palette.h"

namespace procatlas {

// The lines that cross `box`, each from one edge to another; some reach beyond it, so whoever draws them clips. They lie at
// whole multiples of the spacing, so that those of two neighbouring boxes meet.
[[nodiscard]] std::vector<std::pair<Point, Point>> hatch_lines(const Box& box, const HatchShape& shape);

// The centres of its dots, whose radius is `shape.dot`; empty where it has none.
[[nodiscard]] std::vector<Point> hatch_dots(const Box& box, const HatchShape& shape);

}  // namespace procatlas
