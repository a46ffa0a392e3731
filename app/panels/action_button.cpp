#include "app/panels/action_button.h"

#include "app/control/view_moves.h"
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

float action_button_width(const Frame& frame, const ActionRow& row) {
    return button_width(frame, action_text(frame, look_of(row, frame.run, frame.view)));
}

void draw_head_switch(const Frame& frame, Actions& actions, Bar bar) {
    const ImVec2 below = ImGui::GetCursorPos();
    const float right = below.x + ImGui::GetContentRegionAvail().x;
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(frame.px(9), frame.px(3)));
    ImGui::SetCursorPos({right - head_switch_width(frame, bar), frame.px(8)});
    for (const ActionRow* row : rows_in(bar)) {
        draw_action_button(frame, actions, *row);
        ImGui::SameLine(0, frame.px(4));
    }
    ImGui::PopStyleVar();
    ImGui::SetCursorPos(below);
}

float head_switch_width(const Frame& frame, Bar bar) {
    float width = 0;
    for (const ActionRow* row : rows_in(bar)) {
        width += (width > 0 ? frame.px(4) : 0) + action_button_width(frame, *row);
    }
    return width;
}

float draw_column_pager(const Frame& frame, Actions& actions, float x) {
    const ColumnPage page = column_page(frame.view, frame.world());
    if (page.all <= page.count || frame.view.columns_chosen) {
        return x;
    }
    const ImVec2 below = ImGui::GetCursorPos();
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(frame.px(7), frame.px(3)));
    ImGui::SetCursorPos({x, frame.px(8)});
    const auto turn = [&](const char* id, const char* icon, Turn which, bool enabled) {
        if (draw_button(frame, id, icon, ButtonLook::plain, enabled, frame.words.text("columns.turn"))) {
            actions.put(action::TurnColumns{which});
        }
        ImGui::SameLine(0, frame.px(6));
    };
    turn("columns_back", "◀", Turn::back, page.first > 0);
    const float y = ImGui::GetCursorPosY();
    ImGui::SetCursorPosY(y + frame.px(4));
    draw_text(frame,
              page.leaves_out() ? frame.words.format("columns.some", page.count, page.all)
                                : frame.words.format("columns.page", page.first + 1, page.last + 1, page.all),
              TextStyle::small, Role::muted);
    ImGui::SameLine(0, frame.px(6));
    ImGui::SetCursorPosY(y);
    turn("columns_forward", "▶", Turn::forward, page.last + 1 < page.all || page.leaves_out());
    const float end = ImGui::GetCursorPosX();
    ImGui::PopStyleVar();
    ImGui::SetCursorPos(below);
    return end;
}

}  // namespace procatlas
