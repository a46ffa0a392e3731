// What a scene means when it is drawn: decided here, once, for the window and for every picture format.
#pragma once

#include "core/scene/canvas.h"
#include "core/scene/text_measure.h"

namespace procatlas {

struct SceneLook {
    const Palette& palette;
    const TextMeasure& measure;
    Hit hovered = {};  // what the pointer is over; a picture has no pointer
};

// The boxes, then the links, then the selected boxes over them, then marks and labels. Nothing is drawn behind them.
void draw_scene(const Scene& scene, const SceneLook& look, Canvas& canvas);

// The same on the palette's panel, as large as the scene: a picture that stands alone.
void draw_picture(const Scene& scene, const SceneLook& look, Canvas& canvas);

}  // namespace procatlas
