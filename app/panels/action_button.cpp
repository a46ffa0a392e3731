#include "app/panels/action_button.h"

#include "app/paint/ui.h"

namespace procatlas {
namespace {

ButtonLook button_look(ActionLook::Emphasis emphasis) {
    switch (emphasis) {
        case ActionLook::Emphasis::plain:
            return ButtonLook::plain;
        case ActionLook::Emphasis::primary:
            return ButtonLook::primary;
        case ActionLook::Emphasis::on:
            break;
    }
    return ButtonLook::toggled;
}

ImVec2 head_switch_padding(const Frame& frame) {
    return {frame.px(9), frame.px(3)};
}

}  // namespace

std::string action_text(const Frame& frame, const ActionLook& look) {
    const std::string label(look.label.empty() ? std::string_view() : frame.words.text(look.label));
    return std::string(look.icon) + (look.icon.empty() || label.empty() ? "" : "  ") + label;
}

std::string action_tip(const Frame& frame, const ActionRow& row, const ActionLook& look) {
    return look.tip.empty() ? std::string()
                            : std::string(frame.words.text(look.tip)) + "  [" + std::string(shortcut_of(row)) + "]";
}

void draw_action_button(const Frame& frame, Actions& actions, const ActionRow& row) {
    const ActionLook look = look_of(row, frame.run, frame.view);
    if (draw_button(frame, row.name, action_text(frame, look), button_look(look.emphasis), look.enabled,
                    action_tip(frame, row, look))) {
        actions.put(row.action);
    }
}

void draw_action_icon(const Frame& frame, Actions& actions, const ActionRow& row) {
    const ActionLook look = look_of(row, frame.run, frame.view);
    std::string tip = action_text(frame, look);
    if (const std::string more = action_tip(frame, row, look); !more.empty()) {
        tip += "\n" + more;
    }
    if (draw_button(frame, row.name, std::string(look.icon), button_look(look.emphasis), look.enabled, tip)) {
        actions.put(row.action);
    }
}

float action_icon_width(const Frame& frame, const ActionRow& row) {
    return button_width(frame, std::string(look_of(row, frame.run, frame.view).icon));
}

float action_button_width(const Frame& frame, const ActionRow& row) {
    return button_width(frame, action_text(frame, look_of(row, frame.run, frame.view)));
}

void draw_head_switch(const Frame& frame, Actions& actions, Bar bar) {
    const ImVec2 below = ImGui::GetCursorPos();
    const float left = head_switch_left(frame, bar);
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, head_switch_padding(frame));
    ImGui::SetCursorPos({left, frame.px(8)});
    for (const ActionRow* row : rows_in(bar)) {
        draw_action_button(frame, actions, *row);
        ImGui::SameLine(0, frame.px(4));
    }
    ImGui::PopStyleVar();
    ImGui::SetCursorPos(below);
}

float head_switch_left(const Frame& frame, Bar bar) {
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, head_switch_padding(frame));
    const float width = head_switch_width(frame, bar);
    ImGui::PopStyleVar();
    return ImGui::GetCursorPosX() + ImGui::GetContentRegionAvail().x - width;
}

float head_switch_width(const Frame& frame, Bar bar) {
    float width = 0;
    for (const ActionRow* row : rows_in(bar)) {
        width += (width > 0 ? frame.px(4) : 0) + action_button_width(frame, *row);
    }
    return width;
}

}  // namespace procatlas
