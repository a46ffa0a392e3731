#include "app/panels/thing_menu_popup.h"

#include "app/paint/ui.h"

namespace procatlas {

void offer_menu(Actions& actions, const Thing& thing) {
    if (thing.kind != ThingKind::none) {
        actions.put(action::OpenMenu{thing});
    }
}

// To the next one above or below that can be done, round the ends.
void ThingMenuPopup::choose(int step) {
    const auto count = static_cast<int>(menu_.items.size());
    int at = chosen_ ? static_cast<int>(*chosen_) : step > 0 ? -1 : count;
    for (int tried = 0; tried < count; ++tried) {
        at = (at + step + count) % count;
        if (menu_.items[static_cast<std::size_t>(at)].why_not.empty()) {
            chosen_ = static_cast<std::size_t>(at);
            return;
        }
    }
}

// The keys since the last draw. True: the chosen item is to be done.
bool ThingMenuPopup::obey() {
    bool take = false;
    for (const MenuMove move : moves_) {
        switch (move) {
            case MenuMove::up:
                choose(-1);
                break;
            case MenuMove::down:
                choose(1);
                break;
            case MenuMove::take:
                take = chosen_.has_value();
                break;
            case MenuMove::close:
                ImGui::CloseCurrentPopup();
                break;
        }
    }
    moves_.clear();
    return take;
}

void ThingMenuPopup::draw(const Frame& frame, Actions& actions) {
    if (asked_.is_new(frame.view.cues.menu)) {
        menu_ = menu_of(frame.view.menu, {frame.run, frame.view, frame.world(), frame.words});
        ImGui::OpenPopup("thing_menu");
        chosen_.reset();
        moves_.clear();
    }
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(frame.px(10), frame.px(8)));
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, ImVec2(frame.px(10), frame.px(7)));
    open_ = ImGui::BeginPopup("thing_menu");
    if (open_) {
        const bool take = obey();
        draw_text(frame, menu_.title, TextStyle::strong, Role::text);
        ImGui::Separator();
        for (std::size_t i = 0; i < menu_.items.size(); ++i) {
            const ThingMenuItem& item = menu_.items[i];
            const bool possible = item.why_not.empty();
            const bool chosen = chosen_ == i;
            frame.fonts.need(item.text);
            if (ImGui::Selectable(item.text.c_str(), chosen, possible ? 0 : ImGuiSelectableFlags_Disabled) ||
                (take && chosen)) {
                if (take) {
                    ImGui::CloseCurrentPopup();
                }
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
