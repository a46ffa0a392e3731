#include "app/paint/imgui_canvas.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "app/paint/ui.h"
#include "core/scene/hatch.h"

namespace procatlas {

float ImGuiCanvas::thickness(const Pen& pen) const {
    return std::max(1.0F, pen.width * scale_);
}

void ImGuiCanvas::fill(const Box& box, float radius, Colour colour) {
    list_.AddRectFilled(at({box.x, box.y}), at({box.right(), box.bottom()}), colour_u32(colour), radius * scale_);
}

void ImGuiCanvas::hatch(const Box& box, float /*radius*/, Hatch hatch, Colour colour) {
    const HatchShape shape = hatch_shape(hatch);
    list_.PushClipRect(at({box.x, box.y}), at({box.right(), box.bottom()}), true);
    for (const auto& [from, to] : hatch_lines(box, shape)) {
        list_.AddLine(at(from), at(to), colour_u32(colour), std::max(1.0F, hatch_width * scale_));
    }
    for (const Point& dot : hatch_dots(box, shape)) {
        list_.AddCircleFilled(at(dot), shape.dot * scale_, colour_u32(colour));
    }
    list_.PopClipRect();
}

void ImGuiCanvas::outline(const Box& box, float radius, const Pen& pen) {
    const ImVec2 a = at({box.x, box.y});
    const ImVec2 b = at({box.right(), box.bottom()});
    if (pen.stroke == Stroke::solid) {
        // ImGui draws half a pixel inside the given edges.
        list_.AddRect({a.x - 0.5F, a.y - 0.5F}, {b.x + 0.5F, b.y + 0.5F}, colour_u32(pen.colour), radius * scale_, 0,
                      thickness(pen));
        return;
    }
    broken_segment(a, {b.x, a.y}, pen);
    broken_segment({a.x, b.y}, b, pen);
    broken_segment(a, {a.x, b.y}, pen);
    broken_segment({b.x, a.y}, b, pen);
}

void ImGuiCanvas::line(std::span<const Point> points, const Pen& pen) {
    for (std::size_t i = 1; i < points.size(); ++i) {
        if (pen.stroke == Stroke::solid) {
            segment(at(points[i - 1]), at(points[i]), pen);
        } else {
            broken_segment(at(points[i - 1]), at(points[i]), pen);
        }
    }
}

// Horizontal and vertical lines are on whole pixels, so that they are crisp.
void ImGuiCanvas::segment(ImVec2 a, ImVec2 b, const Pen& pen) {
    if (a.x != b.x && a.y != b.y) {
        list_.AddLine(a, b, colour_u32(pen.colour), thickness(pen));
        return;
    }
    const float width = std::round(thickness(pen));
    const ImVec2 low(std::round(std::min(a.x, b.x) - width / 2), std::round(std::min(a.y, b.y) - width / 2));
    const ImVec2 high(std::round(std::max(a.x, b.x) - width / 2), std::round(std::max(a.y, b.y) - width / 2));
    list_.AddRectFilled(low, {high.x + width, high.y + width}, colour_u32(pen.colour));
}

void ImGuiCanvas::broken_segment(ImVec2 a, ImVec2 b, const Pen& pen) {
    const float length = std::hypot(b.x - a.x, b.y - a.y);
    const float width = std::round(thickness(pen));
    const bool dots = pen.stroke == Stroke::dotted;
    const float step = (dots ? dot_step : 2 * dash_length) * scale_;
    const float drawn = dots ? 0 : dash_length * scale_;
    if (length <= 0) {
        return;
    }
    const ImVec2 way((b.x - a.x) / length, (b.y - a.y) / length);
    const int count = static_cast<int>(length / step) + 1;
    for (int i = 0; i < count; ++i) {
        const float from = static_cast<float>(i) * step;
        const float to = std::min(from + drawn, length);
        const ImVec2 p(a.x + way.x * from, a.y + way.y * from);
        if (dots) {
            const ImVec2 corner(std::floor(p.x), std::floor(p.y));
            list_.AddRectFilled(corner, {corner.x + width, corner.y + width}, colour_u32(pen.colour));
        } else if (to > from) {
            segment(p, {a.x + way.x * to, a.y + way.y * to}, pen);
        }
    }
}

void ImGuiCanvas::disc(Point centre, float radius, Colour colour) {
    list_.AddCircleFilled(at(centre), radius * scale_, colour_u32(colour));
}

void ImGuiCanvas::arc(Point centre, float radius, float from, float to, const Pen& pen) {
    constexpr float whole = 6.28F;
    if (to - from > whole) {
        list_.AddCircle(at(centre), radius * scale_, colour_u32(pen.colour), 0, thickness(pen));
        return;
    }
    list_.PathArcTo(at(centre), radius * scale_, from, to);
    list_.PathStroke(colour_u32(pen.colour), 0, thickness(pen));
}

void ImGuiCanvas::text(const SceneLabel& label, Colour colour) {
    ImFont* font = fonts_.font(label.style);
    const ImVec2 p = at(label.at);
    const ImVec2 place{std::round(p.x), std::round(p.y)};
    list_.AddText(font, font->FontSize, place, colour_u32(colour), label.text.data(), label.text.data() + label.text.size());
    fonts_.drawn().note(list_, font, place, label.text, label.whole);
}

}  // namespace procatlas
