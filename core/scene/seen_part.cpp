#include "core/scene/seen_part.h"

#include <algorithm>
#include <cmath>

namespace procatlas {

namespace {

constexpr float around = 4;             // outlines reach beyond a box
constexpr float longest_label = 2'000;  // a guess: the width of labels is unknown here

bool meets(const Box& box, const Box& visible) {
    return box.bottom() >= visible.y - around && box.y <= visible.bottom() + around && box.right() >= visible.x - around &&
           box.x <= visible.right() + around;
}

Box bounds_of(const SceneLink& link) {
    if (link.points.empty()) {
        return {};
    }
    Point low = link.points.front();
    Point high = low;
    for (const Point& p : link.points) {
        low = {std::min(low.x, p.x), std::min(low.y, p.y)};
        high = {std::max(high.x, p.x), std::max(high.y, p.y)};
    }
    return {low.x, low.y, high.x - low.x, high.y - low.y};
}

Box bounds_of(const SceneMark& mark) {
    return {mark.centre.x - mark.radius, mark.centre.y - mark.radius, 2 * mark.radius, 2 * mark.radius};
}

bool continues(const SceneBox& box, const SceneBox& last, float scale) {
    return box.filled && !box.selected && box.box.height * scale < 1 && last.filled && last.box.x == box.box.x &&
           last.role == box.role && std::abs(last.box.bottom() - box.box.y) * scale < 1;
}

}  // namespace

Scene seen_part(const Scene& scene, const Box& visible, float scale) {
    constexpr float label_height = 30;
    Scene seen;
    seen.width = scene.width;
    seen.height = scene.height;
    for (const SceneBox& box : scene.boxes) {
        if (meets(box.box, visible) && (seen.boxes.empty() || !continues(box, seen.boxes.back(), scale))) {
            seen.boxes.push_back(box);
        }
    }
    std::ranges::copy_if(scene.links, std::back_inserter(seen.links),
                         [&](const auto& l) { return meets(bounds_of(l), visible); });
    std::ranges::copy_if(scene.marks, std::back_inserter(seen.marks),
                         [&](const auto& m) { return meets(bounds_of(m), visible); });
    std::ranges::copy_if(scene.labels, std::back_inserter(seen.labels),
                         [&](const auto& l) { return meets({l.at.x, l.at.y, longest_label, label_height}, visible); });
    return seen;
}

}  // namespace procatlas
