// Computes the lines and dots of a hatch, which are the same on every canvas.
#pragma once

#include <utility>
#include <vector>

#include "core/scene/palette.h"

namespace procatlas {

// The lines that cross `box`. Each runs from one edge to another and may reach beyond the box, so the caller clips. Lines are
// at whole multiples of the spacing, so that those of neighbouring boxes meet.
[[nodiscard]] std::vector<std::pair<Point, Point>> hatch_lines(const Box& box, const HatchShape& shape);

// The centres of the hatch's dots. `shape.dot` is their radius. Empty if the hatch has no dots.
[[nodiscard]] std::vector<Point> hatch_dots(const Box& box, const HatchShape& shape);

}  // namespace procatlas
