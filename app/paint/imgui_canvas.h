// The window's canvas: draws shapes with Dear ImGui, on whole pixels. Window thread only.
#pragma once

#include "app/paint/fonts.h"
#include "app/paint/imgui_compat.h"
#include "core/scene/canvas.h"

namespace procatlas {

class ImGuiCanvas final : public Canvas {
public:
    // `origin`: of the scene, in screen pixels. `list` and `fonts` must outlive the canvas.
    ImGuiCanvas(ImDrawList& list, const Fonts& fonts, Point origin)
        : list_(list), fonts_(fonts), origin_(origin), scale_(fonts.scale()) {}

    [[nodiscard]] float grid() const override { return 1 / scale_; }

    void fill(const Box& box, float radius, Colour colour) override;
    void hatch(const Box& box, float radius, Hatch hatch, Colour colour) override;
    void outline(const Box& box, float radius, const Pen& pen) override;
    void line(std::span<const Point> points, const Pen& pen) override;
    void disc(Point centre, float radius, Colour colour) override;
    void arc(Point centre, float radius, float from, float to, const Pen& pen) override;
    void text(const SceneLabel& label, Colour colour) override;

private:
    [[nodiscard]] ImVec2 at(Point p) const { return {origin_.x + p.x * scale_, origin_.y + p.y * scale_}; }
    // In pixels, at least one.
    [[nodiscard]] float thickness(const Pen& pen) const;
    void segment(ImVec2 a, ImVec2 b, const Pen& pen);
    void broken_segment(ImVec2 a, ImVec2 b, const Pen& pen);

    ImDrawList& list_;
    const Fonts& fonts_;
    Point origin_;
    float scale_;
};

}  // namespace procatlas
