#include "app/panels/splitter.h"

#include "app/paint/imgui_compat.h"
#include "app/paint/ui.h"

namespace procatlas {

void draw_splitter(const Frame& frame, Actions& actions, const char* id, const Box& place, float Shares::* share,
                   float per_pixel) {
    const bool upright = place.height > place.width;
    ImGui::SetCursorScreenPos({place.x, place.y});
    ImGui::InvisibleButton(id, {place.width, place.height});
    const bool dragged = ImGui::IsItemActive();
    if (!dragged && !ImGui::IsItemHovered()) {
        return;
    }
    ImGui::SetMouseCursor(upright ? ImGuiMouseCursor_ResizeEW : ImGuiMouseCursor_ResizeNS);
    const float thick = frame.px(dragged ? 3 : 2);
    const ImVec2 middle(place.x + place.width / 2, place.y + place.height / 2);
    const ImVec2 half = upright ? ImVec2(thick / 2, place.height / 2) : ImVec2(place.width / 2, thick / 2);
    ImGui::GetWindowDrawList()->AddRectFilled({middle.x - half.x, middle.y - half.y}, {middle.x + half.x, middle.y + half.y},
                                              colour_u32(frame.palette.of(Role::accent)), thick / 2);
    const float moved = upright ? ImGui::GetIO().MouseDelta.x : ImGui::GetIO().MouseDelta.y;
    if (dragged && moved != 0) {
        actions.put(action::MoveSplit{share, moved * per_pixel});
    }
}

}  // namespace procatlas
