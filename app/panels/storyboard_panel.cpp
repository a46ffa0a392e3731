#include "app/panels/storyboard_panel.h"

#include <algorithm>

#include "app/paint/paint_scene.h"
#include "app/paint/ui.h"
#include "app/panels/action_button.h"
#include "app/panels/thing_menu_popup.h"

namespace procatlas {

void StoryboardPanel::draw(const Frame& frame, Actions& actions, const Box& place) {
    const PanelScope panel(frame, "storyboard", place, frame.words.text("story.title"), {});
    if (!frame.lesson) {
        draw_head_switch(frame, actions, Bar::middle);
    }
    const float scale = frame.fonts.scale();
    constexpr float most = 520;  // then the next step is seen to follow
    const float height = std::min(ImGui::GetContentRegionAvail().y / scale - 8, most);
    const float width = (ImGui::GetContentRegionAvail().x - ImGui::GetStyle().ScrollbarSize) / scale - 4;
    const Recording& recording = frame.run.recording();
    const StoryboardScene& board = board_.at({frame.revision(), recording.events().size(), width, height}, [&] {
        return layout_story(recording, default_story(recording), {.width = width, .height = height}, frame.words, frame.fonts);
    });
    if (board.steps.empty()) {
        draw_text(frame, frame.words.text("story.nothing"), TextStyle::body, Role::muted, Wrap::yes);
        return;
    }
    const SceneClick click = scroll_scene("storyboard_scene", board.scene, frame.fonts, frame.palette, 0, nullptr, nullptr);
    offer_menu(actions, click.asked);
    if (!click.pointer) {
        return;
    }
    const auto step =
        std::ranges::find_if(board.steps, [&](const StoryPlace& one) { return one.box.contains(*click.pointer); });
    if (step != board.steps.end()) {
        ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
        if (ImGui::IsMouseClicked(ImGuiMouseButton_Left) && ImGui::IsWindowHovered(ImGuiHoveredFlags_ChildWindows)) {
            actions.put(action::GoTo{step->moment});
        }
    }
}

}  // namespace procatlas
