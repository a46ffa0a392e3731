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
    constexpr float margin = 14;
    const Recording& recording = frame.run.recording();
    const auto [generation, moment, images, look] = frame.revision();
    const std::vector<StoryStep>& story =
        story_.at({generation, recording.events().size()}, [&] { return default_story(recording); });
    const StoryboardScene& board = board_.at({{generation, images, look}, story, width, height}, [&] {
        return layout_story(recording, story, {.width = width, .height = height, .margin = margin}, frame.words, frame.fonts);
    });
    const auto here = story_step_at(board, frame.moment());
    if (!here) {
        draw_text(frame, frame.words.text("story.nothing"), TextStyle::body, Role::muted, Wrap::yes);
        return;
    }
    const StoryboardScene& marked = marked_.at({board_.made(), *here}, [&] {
        StoryboardScene copy = board;
        mark_story_step(copy, *here, frame.words, frame.fonts);
        return copy;
    });
    // The step of the moment comes into view with the panel and with each other step; a person may scroll it away.
    const bool appears = ImGui::GetFrameCount() > last_draw_ + 1;
    last_draw_ = ImGui::GetFrameCount();
    if (appears || brought_ != marked_.made()) {
        brought_ = marked_.made();
        settling_ = 2;
    }
    const Box* show = settling_ > 0 ? &marked.steps[*here].box : nullptr;
    if (settling_ > 0) {
        --settling_;
        actions.draw_again();
    }
    const SceneClick click = scroll_scene("storyboard_scene", marked.scene, frame.fonts, frame.palette, 0, show, nullptr);
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
