#include "app/paint/paint_scene.h"

#include <algorithm>

#include "app/paint/imgui_canvas.h"
#include "app/paint/imgui_compat.h"
#include "app/paint/ui.h"
#include "core/scene/draw_scene.h"
#include "core/scene/seen_part.h"

namespace procatlas {

void paint_scene(const Scene& scene, const PaintTarget& target) {
    ImGuiCanvas canvas(target.list, target.fonts, target.origin);
    draw_scene(seen_part(scene, target.visible, target.fonts.scale()), {target.palette, target.fonts, target.hovered}, canvas);
}

SceneClick scroll_scene(const char* id, const Scene& scene, const Fonts& fonts, const Palette& palette, float height,
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
        if (right_clicked()) {
            result.asked = scene.thing_at(*result.pointer);
        }
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
