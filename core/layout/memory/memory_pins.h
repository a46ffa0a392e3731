// The pins beside a memory column show where registers and kernel boundaries point. Pure.
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
    float ring = 0;   // x of the rings, at the right edge of the column
    float left = 0;   // of the labels
    float width = 0;  // of the labels
};

// Each pin is at its address. Labels that would overlap move down, and `scene` grows if necessary.
void add_memory_pins(Scene& scene, std::vector<MemoryPin> pins, const PinRoom& room, const Messages& words,
                     const TextMeasure& measure);

}  // namespace procatlas
