// The pins beside a memory column: where registers and the kernel's marks point. Pure.
#pragma once

#include <vector>

#include "core/model/memory_blocks.h"
#include "core/model/places.h"
#include "core/narrate/messages.h"
#include "core/scene/scene.h"

namespace procatlas {

struct MemoryPin {
    Place place;
    float y = 0;  // of its address
};

struct PinRoom {
    float ring = 0;   // x of the rings, at the column's right edge
    float left = 0;   // of the labels
    float width = 0;  // of the labels
};

// A pin stands at its address; the labels give way downwards, where `scene` grows if it must.
void add_memory_pins(Scene& scene, std::vector<MemoryPin> pins, const PinRoom& room, const Messages& words,
                     const TextMeasure& measure);

}  // namespace procatlas
