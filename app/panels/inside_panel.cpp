#include "app/paint/paint_scene.h"
#include "app/panels/panels.h"
#include "app/ui.h"
#include "core/layout/layout_inside.h"

namespace procatlas {

float inside_switch_width(const Frame& frame) {
    return button_width(frame, frame.words.text("pages.button")) + frame.px(4) +
           button_width(frame, frame.words.text("inside.button"));
}

void draw_inside_switch(Frame& frame, float right, float top) {
    ImGui::SetCursorPos({right - inside_switch_width(frame), top});
    if (draw_button(frame, "pages", frame.words.text("pages.button"),
                    frame.view.pages ? ButtonLook::toggled : ButtonLook::plain, true,
                    std::string(frame.words.text("pages.tip")) + "  [G]")) {
        frame.actions.push_back(Action::pages);
    }
    ImGui::SameLine(0, frame.px(4));
    if (draw_button(frame, "inside", frame.words.text("inside.button"),
                    frame.view.inside ? ButtonLook::toggled : ButtonLook::plain, true,
                    std::string(frame.words.text("inside.tip")) + "  [D]")) {
        frame.actions.push_back(Action::inside);
    }
}

void InsidePanel::draw(Frame& frame, const Box& place) {
    const PanelScope panel(frame, "inside_panel", place, frame.words.text("inside.title"), {});
    const ImVec2 below = ImGui::GetCursorPos();
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(frame.px(9), frame.px(3)));
    draw_inside_switch(frame, below.x + ImGui::GetContentRegionAvail().x, frame.px(8));
    ImGui::PopStyleVar();
    ImGui::SetCursorPos(below);
    const std::size_t process = frame.view.selected;
    if (process >= frame.world().processes.size()) {
        draw_text(frame, frame.words.text("memory.empty"), TextStyle::body, Role::muted, Wrap::yes);
        return;
    }
    constexpr float margin = 6;
    const float room = (ImGui::GetContentRegionAvail().x - ImGui::GetStyle().ScrollbarSize) / frame.fonts.scale() - margin;
    if (const Key key{frame.revision(), room, process}; key != key_) {
        InsideView view;
        view.width = room;
        scene_ = {};
        scene_.append(
            layout_inside(frame.session.recording(), frame.world(), process, frame.moment(), view, frame.words, frame.fonts),
            {2, 2});
        key_ = key;
    }
    // The same place on the screen for the same frame: the scene grows downwards, as the stack does.
    (void)draw_scene("inside_scene", scene_, frame.fonts, frame.palette, 0, nullptr, nullptr);
}

}  // namespace procatlas
