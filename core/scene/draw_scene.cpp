#include <array>
#include <cmath>
#include <numbers>

#include "core/scene/draw_scene.h"

namespace procatlas {

namespace {

constexpr float full_turn = 2 * std::numbers::pi_v<float>;
constexpr std::uint8_t band_alpha = 34;
constexpr std::uint8_t pale_alpha = 52;
constexpr Colour hover_light{255, 255, 255, 28};

Box grown(const Box& box, float by) {
    return {box.x - by, box.y - by, box.width + 2 * by, box.height + 2 * by};
}

class SceneDrawer {
public:
    SceneDrawer(const SceneLook& look, Canvas& canvas)
        : palette_(look.palette), measure_(look.measure), hovered_(look.hovered), canvas_(canvas), grid_(canvas.grid()) {}

    void box(const SceneBox& box) {
        const Box place = snapped(box.box);
        if (place.width <= 0 || place.height <= 0) {
            return;
        }
        const bool band = box.outline == Role::band;
        if (box.filled && !(box.pale && palette_.ink_only)) {
            fill(box, place, band);
        }
        if ((box.filled || box.hit.kind == HitKind::line) && box.hit.kind != HitKind::none && box.hit == hovered_) {
            canvas_.fill(place, box.radius, hover_light);
        }
        const Colour colour = edge_colour(box.selected ? Role::accent : box.outline);
        if (box.dashed) {
            edge(place, box.radius, {colour, box.selected ? 2.0F : 1.0F, Stroke::dashed});
        } else if (box.selected) {
            canvas_.outline(grown(place, 0.5F), box.radius, {colour, 2.5F});
        } else if (box.outlined) {
            edge(place, box.radius, {colour, box.outline == Role::accent ? 1.6F : 1.0F});
        } else if (palette_.ink_only && box.filled && !band) {
            edge(place, box.radius, {palette_.of(Role::text), 1});
        }
    }

    void link(const SceneLink& link) {
        const Colour colour = palette_.of(link.role);
        if (link.role == Role::band) {
            canvas_.line(link.points, {colour, 1.4F, Stroke::dotted});
            return;
        }
        bool straight = true;
        for (std::size_t i = 1; i < link.points.size(); ++i) {
            straight &= link.points[i].x == link.points[i - 1].x || link.points[i].y == link.points[i - 1].y;
        }
        std::vector<Point> points = link.points;
        if (straight) {
            for (Point& p : points) {
                p = on_grid(p);
            }
        }
        canvas_.line(points, {colour, 1});
    }

    void mark(const SceneMark& mark) {
        const Colour colour = palette_.of(mark.role);
        const Pen pen{colour, 1.5F};
        const Point c = mark.centre;
        const float r = mark.radius;
        switch (mark.shape) {
            case MarkShape::disc:
                canvas_.disc(c, r, colour);
                break;
            case MarkShape::square:
                canvas_.fill({c.x - r, c.y - r, 2 * r, 2 * r}, 1, colour);
                break;
            case MarkShape::ring:
                canvas_.disc(c, r, palette_.panel);
                canvas_.arc(c, r, 0, full_turn, pen);
                break;
            case MarkShape::broken_ring:
                for (int i = 0; i < 3; ++i) {
                    const float start = static_cast<float>(i) * full_turn / 3;
                    canvas_.arc(c, r, start, start + 1.4F, pen);
                }
                break;
            case MarkShape::cross: {
                const float d = 0.8F * r;
                canvas_.line(std::array{Point{c.x - d, c.y - d}, Point{c.x + d, c.y + d}}, pen);
                canvas_.line(std::array{Point{c.x - d, c.y + d}, Point{c.x + d, c.y - d}}, pen);
                break;
            }
            case MarkShape::bars:
                canvas_.fill({c.x - r, c.y - r, r * 0.75F, 2 * r}, 0, colour);
                canvas_.fill({c.x + r * 0.25F, c.y - r, r * 0.75F, 2 * r}, 0, colour);
                break;
        }
    }

    void label(const SceneLabel& label) {
        if (label.on_fill && palette_.hatch_of(label.role) != Hatch::none) {
            const Box plate{label.at.x, label.at.y, measure_.width(label.text, label.style), measure_.line_height(label.style)};
            canvas_.fill(snapped({plate.x - 2, plate.y, plate.width + 4, plate.height}), 2, palette_.of(label.role));
        }
        canvas_.text(label, label.on_fill ? ink_on(palette_.of(label.role)) : palette_.of(label.role));
    }

private:
    // An edge in the colour of its own light fill would be invisible.
    Colour edge_colour(Role role) const {
        constexpr double visible = 3;
        const bool pale = palette_.ink_only && contrast(palette_.of(role), palette_.panel) < visible;
        return palette_.of(pale ? Role::text : role);
    }

    void fill(const SceneBox& box, const Box& place, bool band) {
        Colour colour = palette_.of(band && palette_.ink_only ? Role::band : box.role);
        if (box.ink) {
            return canvas_.fill(place, box.radius, ink_on(colour));
        }
        if (band || box.pale) {
            colour.alpha = band ? band_alpha : pale_alpha;
        }
        canvas_.fill(place, box.radius, colour);
        const Hatch hatch = palette_.hatch_of(box.role);
        if (hatch != Hatch::none && !band && !box.pale) {
            canvas_.hatch(place, box.radius, hatch, palette_.of(Role::link));
        }
    }

    // Moves edges onto the canvas's grid, so that they are crisp.
    [[nodiscard]] Box snapped(const Box& box) const {
        const auto snap = [&](float at) { return std::round(at / grid_) * grid_; };
        const float x = snap(box.x);
        const float y = snap(box.y);
        return {x, y, snap(box.right()) - x, snap(box.bottom()) - y};
    }

    // Moves a point so that a line one grid step wide fills exactly one row or column.
    [[nodiscard]] Point on_grid(Point p) const {
        return {(std::floor(p.x / grid_) + 0.5F) * grid_, (std::floor(p.y / grid_) + 0.5F) * grid_};
    }

    // Draws inside the edge, so that a line one unit wide fills one unit.
    void edge(const Box& place, float radius, const Pen& pen) { canvas_.outline(grown(place, -pen.width / 2), radius, pen); }

    const Palette& palette_;
    const TextMeasure& measure_;
    Hit hovered_;
    Canvas& canvas_;
    float grid_;
};

}  // namespace

void draw_scene(const Scene& scene, const SceneLook& look, Canvas& canvas) {
    SceneDrawer drawer(look, canvas);
    const auto boxes = [&](bool selected) {
        for (const SceneBox& box : scene.boxes) {
            if (box.selected == selected) {
                drawer.box(box);
            }
        }
    };
    boxes(false);
    for (const SceneLink& link : scene.links) {
        drawer.link(link);
    }
    boxes(true);
    for (const SceneMark& mark : scene.marks) {
        drawer.mark(mark);
    }
    for (const SceneLabel& label : scene.labels) {
        drawer.label(label);
    }
}

void draw_picture(const Scene& scene, const SceneLook& look, Canvas& canvas) {
    canvas.fill({0, 0, scene.width, scene.height}, 0, look.palette.panel);
    draw_scene(scene, look, canvas);
}

}  // namespace procatlas
