// What a scene is drawn on: a few shapes, in the scene's units. The window, SVG and cairo (PNG, PDF) each have their own
// canvas. `draw_scene` decides what is drawn, so they all look alike.
#pragma once

#include <span>

#include "core/scene/palette.h"
#include "core/scene/scene.h"

namespace procatlas {

enum class Stroke : std::uint8_t { solid, dashed, dotted };
struct Pen {
    Colour colour;
    float width = 1;
    Stroke stroke = Stroke::solid;
};

inline constexpr float dash_length = 4;  // the gaps are as long
inline constexpr float dot_step = 6;
inline constexpr float hatch_width = 0.7F;

class Canvas {
public:
    Canvas() = default;
    Canvas(const Canvas&) = delete;
    Canvas& operator=(const Canvas&) = delete;
    virtual ~Canvas() = default;

    // An edge is crisp at a multiple of this, in the scene's units. On a screen that is one pixel. In a picture it is one unit,
    // because pictures are drawn at whole scales.
    [[nodiscard]] virtual float grid() const { return 1; }

    virtual void fill(const Box& box, float radius, Colour colour) = 0;
    virtual void hatch(const Box& box, float radius, Hatch hatch, Colour colour) = 0;
    // The line is centred on the edges of `box`.
    virtual void outline(const Box& box, float radius, const Pen& pen) = 0;
    virtual void line(std::span<const Point> points, const Pen& pen) = 0;
    virtual void disc(Point centre, float radius, Colour colour) = 0;
    // Angles in radians, clockwise from the right.
    virtual void arc(Point centre, float radius, float from, float to, const Pen& pen) = 0;
    virtual void text(const SceneLabel& label, Colour colour) = 0;
};

}  // namespace procatlas
