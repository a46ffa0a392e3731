// Draws scenes in the window.
#pragma once

#include <optional>

#include "app/paint/fonts.h"
#include "core/scene/palette.h"
#include "core/scene/scene.h"

struct ImDrawList;

namespace procatlas {

struct PaintTarget {
    ImDrawList& list;
    const Fonts& fonts;
    const Palette& palette;
    Point origin;  // of the scene, in screen pixels
    Box visible;   // in the scene's units; leaves out what is outside
    Hit hovered;
};

void paint_scene(const Scene& scene, const PaintTarget& target);

// Draws the scene in a scrolling child window that fills the remaining space. Returns what was clicked.
struct SceneClick {
    Hit hit;
    bool clicked = false;
    Thing asked;                   // clicked with the right button; of kind none: nothing was
    std::optional<Point> pointer;  // in the scene's units, if it is over the scene
};
struct SceneScroll {
    float x = 0;  // pixels
    float y = 0;
};
SceneClick scroll_scene(const char* id, const Scene& scene, const Fonts& fonts, const Palette& palette, float height,
                        const Box* show, SceneScroll* scroll);

}  // namespace procatlas
