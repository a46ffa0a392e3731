#include "app/panels/thing_menu_popup.h"

#include "app/paint/ui.h"

namespace procatlas {

void offer_menu(Actions& actions, const Thing& thing) {
    if (thing.kind != ThingKind::none) {
        actions.put(action::OpenMenu{thing});
    }
}

void ThingMenuPopup::draw(const Frame& frame, Actions& actions) {
    if (asked_.is_new(frame.view.cues.menu)) {
        menu_ = menu_of(frame.view.menu, {frame.run, frame.view, frame.world(), frame.words});
        ImGui::OpenPopup("thing_menu");
    }
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(frame.px(10), frame.px(8)));
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(frame.px(10), frame.px(7)));
    if (ImGui::BeginPopup("thing_menu")) {
        draw_text(frame, menu_.title, TextStyle::strong, Role::text);
        ImGui::Separator();
        for (const ThingMenuItem& item : menu_.items) {
            const bool possible = item.why_not.empty();
            frame.fonts.need(item.text);
            if (ImGui::MenuItem(item.text.c_str(), nullptr, false, possible)) {
                if (!item.copies.empty()) {
                    ImGui::SetClipboardText(item.copies.c_str());
                }
                for (const Action& action : item.actions) {
                    actions.put(action);
                }
            }
            if (!possible && ImGui::IsItemHovered(ImGuiHoveredFlags_AllowWhenDisabled)) {
                draw_tip(frame, item.why_not);
            }
        }
        ImGui::EndPopup();
    }
    ImGui::PopStyleVar(2);
}

}  // namespace procatlas
