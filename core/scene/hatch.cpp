#include "core/scene/hatch.h"

#include <cmath>

namespace procatlas {

std::vector<std::pair<Point, Point>> hatch_lines(const Box& box, const HatchShape& shape) {
    std::vector<std::pair<Point, Point>> lines;
    const float step = shape.spacing;
    const float left = box.x;
    const float right = box.right();
    const float top = box.y;
    const float bottom = box.bottom();
    const auto each = [&](float from, float to, auto&& line) {
        const auto count = static_cast<int>((to - std::floor(from / step) * step) / step) + 1;
        for (int i = 0; i < count; ++i) {
            lines.push_back(line((std::floor(from / step) + static_cast<float>(i)) * step));
        }
    };
    using Line = std::pair<Point, Point>;
    if (shape.horizontal) {
        each(top, bottom, [&](float y) { return Line{{left, y + step / 2}, {right, y + step / 2}}; });
    }
    if (shape.vertical) {
        each(left, right, [&](float x) { return Line{{x + step / 2, top}, {x + step / 2, bottom}}; });
    }
    if (shape.rising) {  // x + y is constant
        each(left + top, right + bottom, [&](float sum) { return Line{{sum - bottom, bottom}, {sum - top, top}}; });
    }
    if (shape.falling) {  // x - y is constant
        each(left - bottom, right - top,
             [&](float difference) { return Line{{difference + top, top}, {difference + bottom, bottom}}; });
    }
    return lines;
}

std::vector<Point> hatch_dots(const Box& box, const HatchShape& shape) {
    std::vector<Point> dots;
    const float step = shape.spacing;
    if (shape.dot <= 0) {
        return dots;
    }
    const float first_x = std::floor(box.x / step) * step;
    const float first_y = std::floor(box.y / step) * step;
    for (int row = 0; first_y + static_cast<float>(row) * step <= box.bottom(); ++row) {
        for (int column = 0; first_x + static_cast<float>(column) * step <= box.right(); ++column) {
            dots.push_back(
                {first_x + (static_cast<float>(column) + 0.5F) * step, first_y + (static_cast<float>(row) + 0.5F) * step});
        }
    }
    return dots;
}

}  // namespace procatlas
