#include "core/layout/memory/memory_pins.h"
#include "core/narrate/block_name.h"

#include <algorithm>
#include <string>

namespace procatlas {

void add_memory_pins(Scene& scene, std::vector<MemoryPin> pins, const PinRoom& room, const Messages& words,
                     const TextMeasure& measure) {
    std::ranges::stable_sort(pins, [](const MemoryPin& a, const MemoryPin& b) { return a.place.address > b.place.address; });
    constexpr float least_pin_step = 15;
    const float line = measure.line_height(TextStyle::small);
    float next = 0;
    for (const MemoryPin& pin : pins) {
        std::string text(words.text(place_key(pin.place.kind)));
        if (pin.place.thread != 0) {
            text += " " + std::to_string(pin.place.thread);
        }
        const float y = std::max(pin.y, next);
        next = y + std::max(line, least_pin_step);
        scene.marks.push_back({{room.ring, pin.y}, 3.5F, MarkShape::ring, Role::pin});
        scene.links.push_back({{{room.ring + 4, pin.y}, {room.left - 6, y}, {room.left - 2, y}}, Role::pin});
        scene.labels.push_back(
            {{room.left, y - line / 2}, fit_text(text, TextStyle::small, room.width, measure), TextStyle::small, Role::text});
    }
    scene.height = std::max(scene.height, next);
}

}  // namespace procatlas
