// Decides how a scene is drawn, once for the window and for every picture format.
#pragma once

#include "core/scene/canvas.h"
#include "core/scene/text_measure.h"

namespace procatlas {

struct SceneLook {
    const Palette& palette;
    const TextMeasure& measure;
    Hit hovered = {};  // what the pointer is over; nothing in a picture
};

// Draws the boxes, then the links, then the selected boxes over them, then marks and labels. Does not fill the background.
void draw_scene(const Scene& scene, const SceneLook& look, Canvas& canvas);

// Draws a complete picture: the scene on a panel of the palette's colour and of the scene's size.
void draw_picture(const Scene& scene, const SceneLook& look, Canvas& canvas);

}  // namespace procatlas
