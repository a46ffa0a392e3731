#include "app/paint/paint_scene.h"

#include <algorithm>
#include <cmath>

#include "app/imgui_compat.h"
#include "app/ui.h"

namespace procatlas {

namespace {

class Painter {
public:
    explicit Painter(const PaintTarget& target) : t_(target), scale_(target.fonts.scale()) {}

    void box(const SceneBox& box) {
        const ImVec2 a = at(box.box.x, box.box.y);
        const ImVec2 b = at(box.box.right(), box.box.bottom());
        if (b.y - a.y < 3 && box.filled && !box.selected && merges(box, a)) {
            return;
        }
        const float radius = box.radius * scale_;
        if (box.filled) {
            Colour fill = t_.palette.of(box.role);
            if (box.outline == Role::band || box.pale) {
                fill.alpha = box.pale ? 52 : 34;
            }
            t_.list.AddRectFilled(a, b, colour_u32(fill), radius);
            last_ = &box;
            last_bottom_ = b.y;
        }
        const bool hovered = box.hit.kind != HitKind::none && box.hit == t_.hovered;
        if (hovered && box.filled) {
            t_.list.AddRectFilled(a, b, IM_COL32(255, 255, 255, 28), radius);
        }
        const ImU32 accent = colour_u32(t_.palette.of(Role::accent));
        if (box.dashed) {
            dashed(a, b, box.selected ? accent : colour_u32(t_.palette.of(box.outline)), box.selected ? 2.0F : 1.0F);
        } else if (box.selected) {
            t_.list.AddRect({a.x - 1, a.y - 1}, {b.x + 1, b.y + 1}, accent, radius, 0, std::max(2.0F, 2.5F * scale_));
        } else if (box.outlined) {
            const float width = box.outline == Role::accent ? 1.6F : 1.0F;
            t_.list.AddRect(a, b, colour_u32(t_.palette.of(box.outline)), radius, 0, std::max(1.0F, width * scale_));
        }
    }

    void link(const SceneLink& link) {
        const ImU32 colour = colour_u32(t_.palette.of(link.role));
        for (std::size_t i = 1; i < link.points.size(); ++i) {
            const ImVec2 a = at(link.points[i - 1].x, link.points[i - 1].y);
            const ImVec2 b = at(link.points[i].x, link.points[i].y);
            const float width = std::max(1.0F, std::round(scale_));
            if (link.role == Role::band) {
                dotted(a, b, colour);
            } else if (a.x == b.x || a.y == b.y) {  // straight lines crisp: on whole pixels
                t_.list.AddRectFilled({std::floor(std::min(a.x, b.x)), std::floor(std::min(a.y, b.y))},
                                      {std::floor(std::max(a.x, b.x)) + width, std::floor(std::max(a.y, b.y)) + width}, colour);
            } else {
                t_.list.AddLine(a, b, colour, width);
            }
        }
    }

    void mark(const SceneMark& mark) {
        const ImU32 colour = colour_u32(t_.palette.of(mark.role));
        const ImVec2 c = at(mark.centre.x, mark.centre.y);
        const float r = mark.radius * scale_;
        const float line = std::max(1.0F, 1.5F * scale_);
        switch (mark.shape) {
            case MarkShape::disc:
                t_.list.AddCircleFilled(c, r, colour);
                break;
            case MarkShape::square:
                t_.list.AddRectFilled({c.x - r, c.y - r}, {c.x + r, c.y + r}, colour, scale_);
                break;
            case MarkShape::ring:
                t_.list.AddCircleFilled(c, r, colour_u32(t_.palette.panel));
                t_.list.AddCircle(c, r, colour, 0, line);
                break;
            case MarkShape::broken_ring:
                for (int i = 0; i < 3; ++i) {
                    const float start = static_cast<float>(i) * 2.0944F;
                    t_.list.PathArcTo(c, r, start, start + 1.4F);
                    t_.list.PathStroke(colour, 0, line);
                }
                break;
            case MarkShape::cross:
                t_.list.AddLine({c.x - r * 0.8F, c.y - r * 0.8F}, {c.x + r * 0.8F, c.y + r * 0.8F}, colour, line);
                t_.list.AddLine({c.x - r * 0.8F, c.y + r * 0.8F}, {c.x + r * 0.8F, c.y - r * 0.8F}, colour, line);
                break;
            case MarkShape::bars:
                t_.list.AddRectFilled({c.x - r, c.y - r}, {c.x - r * 0.25F, c.y + r}, colour);
                t_.list.AddRectFilled({c.x + r * 0.25F, c.y - r}, {c.x + r, c.y + r}, colour);
                break;
        }
    }

    void label(const SceneLabel& label) {
        const Colour colour = label.on_fill ? ink_on(t_.palette.of(label.role)) : t_.palette.of(label.role);
        ImFont* font = t_.fonts.font(label.style);
        const ImVec2 p = at(label.at.x, label.at.y);
        t_.list.AddText(font, font->FontSize, {std::round(p.x), std::round(p.y)}, colour_u32(colour), label.text.data(),
                        label.text.data() + label.text.size());
    }

    [[nodiscard]] bool sees(const Box& box) const {
        constexpr float around = 4;
        return box.bottom() >= t_.visible.y - around && box.y <= t_.visible.bottom() + around &&
               box.right() >= t_.visible.x - around && box.x <= t_.visible.right() + around;
    }

private:
    [[nodiscard]] ImVec2 at(float x, float y) const { return {t_.origin.x + x * scale_, t_.origin.y + y * scale_}; }

    // A box of a few pixels that ends on the row where the one before it was drawn shows nothing new.
    [[nodiscard]] bool merges(const SceneBox& box, ImVec2 a) const {
        return last_ != nullptr && last_->box.x == box.box.x && last_->role == box.role && std::abs(last_bottom_ - a.y) < 1 &&
               box.box.height * scale_ < 1;
    }

    void dashed(ImVec2 a, ImVec2 b, ImU32 colour, float thickness) {
        const float dash = 4 * scale_;
        const float width = std::max(1.0F, std::round(thickness * scale_));
        const auto run = [&](bool horizontal, float from, float to, float across) {
            for (float p = from; p < to; p += 2 * dash) {
                const float q = std::min(p + dash, to);
                t_.list.AddRectFilled(horizontal ? ImVec2(p, across) : ImVec2(across, p),
                                      horizontal ? ImVec2(q, across + width) : ImVec2(across + width, q), colour);
            }
        };
        run(true, a.x, b.x, std::floor(a.y));
        run(true, a.x, b.x, std::floor(b.y) - width);
        run(false, a.y, b.y, std::floor(a.x));
        run(false, a.y, b.y, std::floor(b.x) - width);
    }

    void dotted(ImVec2 a, ImVec2 b, ImU32 colour) {
        const float size = std::max(1.0F, std::round(1.4F * scale_));
        for (float x = std::floor(a.x); x < b.x; x += 6 * scale_) {
            t_.list.AddRectFilled({x, std::floor(a.y)}, {x + size, std::floor(a.y) + size}, colour);
        }
    }

    const PaintTarget& t_;
    float scale_;
    const SceneBox* last_ = nullptr;
    float last_bottom_ = 0;
};

Box bounds_of(const SceneLink& link) {
    Point low = link.points.front();
    Point high = low;
    for (const Point& p : link.points) {
        low = {std::min(low.x, p.x), std::min(low.y, p.y)};
        high = {std::max(high.x, p.x), std::max(high.y, p.y)};
    }
    return {low.x, low.y, high.x - low.x, high.y - low.y};
}

}  // namespace

void paint_scene(const Scene& scene, const PaintTarget& target) {
    Painter painter(target);
    const auto boxes = [&](bool selected) {
        for (const SceneBox& box : scene.boxes) {
            if (box.selected == selected && painter.sees(box.box)) {
                painter.box(box);
            }
        }
    };
    boxes(false);
    for (const SceneLink& link : scene.links) {
        if (painter.sees(bounds_of(link))) {
            painter.link(link);
        }
    }
    boxes(true);
    for (const SceneMark& mark : scene.marks) {
        if (painter.sees({mark.centre.x - mark.radius, mark.centre.y - mark.radius, 2 * mark.radius, 2 * mark.radius})) {
            painter.mark(mark);
        }
    }
    for (const SceneLabel& label : scene.labels) {
        if (painter.sees({label.at.x, label.at.y, 2000, 30})) {
            painter.label(label);
        }
    }
}

SceneClick draw_scene(const char* id, const Scene& scene, const Fonts& fonts, const Palette& palette, float height,
                      const Box* show, SceneScroll* scroll) {
    const float scale = fonts.scale();
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
    ImGui::BeginChild(id, {0, height}, false, ImGuiWindowFlags_HorizontalScrollbar);
    ImGui::PopStyleVar();
    const ImVec2 room(ImGui::GetWindowWidth(), ImGui::GetWindowHeight());
    if (show != nullptr) {
        const float top = show->y * scale;
        const float bottom = show->bottom() * scale;
        if (top < ImGui::GetScrollY() || bottom > ImGui::GetScrollY() + room.y) {
            ImGui::SetScrollY(std::max(0.0F, (top + bottom - room.y) / 2));
        }
        const float right = show->right() * scale;
        if (show->x * scale < ImGui::GetScrollX() || right > ImGui::GetScrollX() + room.x) {
            ImGui::SetScrollX(std::max(0.0F, right - room.x + 8 * scale));
        }
    }
    const ImVec2 origin = ImGui::GetCursorScreenPos();
    ImGui::Dummy({scene.width * scale, scene.height * scale});
    const ImVec2 mouse = ImGui::GetMousePos();
    const bool inside = ImGui::IsWindowHovered();
    SceneClick result;
    if (inside) {
        result.pointer = {(mouse.x - origin.x) / scale, (mouse.y - origin.y) / scale};
        result.hit = scene.hit_at(*result.pointer);
        result.clicked = result.hit.kind != HitKind::none && ImGui::IsMouseClicked(ImGuiMouseButton_Left);
        if (result.hit.kind != HitKind::none) {
            ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
        }
    }
    const Box visible{ImGui::GetScrollX() / scale, ImGui::GetScrollY() / scale, room.x / scale, room.y / scale};
    paint_scene(scene, {*ImGui::GetWindowDrawList(), fonts, palette, {origin.x, origin.y}, visible, result.hit});
    if (scroll != nullptr) {
        *scroll = {ImGui::GetScrollX(), ImGui::GetScrollY()};
    }
    ImGui::EndChild();
    return result;
}

}  // namespace procatlas
