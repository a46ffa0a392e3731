#include "core/scene/scene.h"

#include <algorithm>
#include <string>
#include <utility>

namespace procatlas {

SceneLabel fitted_label(SceneLabel label, float room, const TextMeasure& measure) {
    std::string shown = fit_text(label.text, label.style, room, measure);
    if (shown != label.text) {
        label.whole = std::exchange(label.text, std::move(shown));
    }
    return label;
}

void Scene::append(const Scene& other, Point offset) {
    const auto moved = [&](Point p) { return Point{p.x + offset.x, p.y + offset.y}; };
    const auto first_part = static_cast<std::uint32_t>(parts.size());
    for (ScenePart part : other.parts) {
        part.group += groups.size();
        parts.push_back(part);
    }
    for (SceneGroup group : other.groups) {
        group.box.x += offset.x;
        group.box.y += offset.y;
        groups.push_back(group);
    }
    for (SceneBox box : other.boxes) {
        box.part += box.part != 0 ? first_part : 0;
        box.box.x += offset.x;
        box.box.y += offset.y;
        boxes.push_back(box);
    }
    for (SceneLink link : other.links) {
        std::ranges::transform(link.points, link.points.begin(), moved);
        links.push_back(std::move(link));
    }
    for (SceneMark mark : other.marks) {
        mark.centre = moved(mark.centre);
        marks.push_back(mark);
    }
    for (SceneLabel label : other.labels) {
        label.part += label.part != 0 ? first_part : 0;
        label.at = moved(label.at);
        labels.push_back(std::move(label));
    }
    for (SceneThing thing : other.things) {
        thing.box.x += offset.x;
        thing.box.y += offset.y;
        things.push_back(std::move(thing));
    }
    width = std::max(width, offset.x + other.width);
    height = std::max(height, offset.y + other.height);
}

Thing Scene::thing_at(Point point) const {
    for (std::size_t i = things.size(); i-- > 0;) {
        if (things[i].box.contains(point)) {
            return things[i].thing;
        }
    }
    Thing thing;
    const Hit hit = hit_at(point);
    switch (hit.kind) {
        case HitKind::process:
        case HitKind::column_header:
            thing.kind = ThingKind::process;
            break;
        case HitKind::region:
            thing.kind = ThingKind::region;
            break;
        case HitKind::none:
        case HitKind::fold:
        case HitKind::launcher:
        case HitKind::helpers:
        case HitKind::subtree:
        case HitKind::frame:
        case HitKind::line:
        case HitKind::margin:
            break;
    }
    thing.process = hit.process;
    thing.address = hit.address;
    return thing;
}

Box extent_of(const Scene& scene, const TextMeasure& measure) {
    constexpr float far = 1e9F;
    float left = far;
    float top = far;
    float right = -far;
    float bottom = -far;
    const auto cover = [&](float x, float y, float width, float height) {
        left = std::min(left, x);
        top = std::min(top, y);
        right = std::max(right, x + width);
        bottom = std::max(bottom, y + height);
    };
    for (const SceneBox& box : scene.boxes) {
        if (box.filled || box.outlined || box.selected) {
            cover(box.box.x, box.box.y, box.box.width, box.box.height);
        }
    }
    for (const SceneLink& link : scene.links) {
        for (const Point& p : link.points) {
            cover(p.x, p.y, 0, 0);
        }
    }
    for (const SceneMark& mark : scene.marks) {
        cover(mark.centre.x - mark.radius, mark.centre.y - mark.radius, 2 * mark.radius, 2 * mark.radius);
    }
    for (const SceneLabel& label : scene.labels) {
        cover(label.at.x, label.at.y, measure.width(label.text, label.style), measure.line_height(label.style));
    }
    return left > right ? Box{} : Box{left, top, right - left, bottom - top};
}

}  // namespace procatlas
