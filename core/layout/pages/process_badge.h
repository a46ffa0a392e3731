// The name of a process on its colour, as the stage has it. Pure.
#pragma once

#include <cstddef>
#include <string>

#include "core/layout/process_role.h"
#include "core/scene/scene.h"

namespace procatlas {

// Returns how much room it takes, with the gap behind it.
inline float add_process_badge(Scene& scene, Point at, std::size_t process, const std::string& name,
                               const TextMeasure& measure) {
    constexpr float pad = 6;
    constexpr float gap = 8;
    const Role role = role_of_process(process);
    const float width = measure.width(name, TextStyle::strong) + 2 * pad;
    scene.boxes.push_back(
        {.box = {at.x, at.y - 1, width, measure.line_height(TextStyle::strong) + 2}, .role = role, .radius = 4, .hit = {}});
    scene.labels.push_back({{at.x + pad, at.y}, name, TextStyle::strong, role, true});
    return width + gap;
}

}  // namespace procatlas
