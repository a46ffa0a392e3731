#include "app/panels/action_button.h"

#include <algorithm>
#include <cfloat>
#include <vector>

#include "app/control/view_moves.h"
#include "app/paint/ui.h"
#include "core/layout/process_role.h"
#include "core/layout/processes/shown_processes.h"
#include "core/narrate/family_names.h"
#include "core/narrate/process_state.h"

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

constexpr float chip_pad = 7;
constexpr float chip_gap = 4;

float chips_width(const Frame& frame, const std::vector<std::size_t>& order) {
    constexpr std::size_t most = 24;  // more of them would be a list, which the tree is
    if (order.size() > most) {
        return FLT_MAX;
    }
    const std::vector<std::string> names = family_names(frame.world());
    float width = 0;
    for (const std::size_t process : order) {
        width += frame.px(frame.fonts.width(names[process], TextStyle::strong) + 2 * chip_pad + chip_gap);
    }
    return width;
}

// The name of each process: filled where it has a column, an outline where it has none. A click gives it one.
float draw_chips(const Frame& frame, Actions& actions, const std::vector<std::size_t>& order) {
    const World& world = frame.world();
    const std::vector<std::string> names = family_names(world);
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float tall = ImGui::GetFrameHeight();
    for (const std::size_t process : order) {
        const bool shown = std::ranges::find(frame.view.columns, process) != frame.view.columns.end();
        const float width = frame.px(frame.fonts.width(names[process], TextStyle::strong) + 2 * chip_pad);
        const ImVec2 at = ImGui::GetCursorScreenPos();
        ImGui::PushID(static_cast<int>(process));
        if (ImGui::InvisibleButton("chip", {width, tall})) {
            actions.put(action::SelectProcess{process});
        }
        ImGui::PopID();
        if (ImGui::IsItemHovered()) {
            ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
            draw_tip(frame, frame.words.format(shown ? "columns.shown" : "columns.hidden", world.processes[process].key.pid,
                                               state_text(world.processes[process], frame.words)));
        }
        const Colour colour = frame.palette.of(role_of_process(process));
        if (shown) {
            list.AddRectFilled(at, {at.x + width, at.y + tall}, colour_u32(colour), frame.px(5));
        } else {
            list.AddRect(at, {at.x + width, at.y + tall}, colour_u32(colour), frame.px(5), 0, frame.px(2));
        }
        put_text(frame, {at.x + frame.px(chip_pad), at.y + (tall - frame.fonts.font(TextStyle::strong)->FontSize) / 2},
                 names[process], TextStyle::strong, shown ? ink_on(colour) : frame.palette.of(Role::text));
        ImGui::SameLine(0, frame.px(chip_gap));
    }
    return ImGui::GetCursorPosX();
}

// "◀ 1–3 of 40 ▶", or the arrows alone where that does not end before `end`.
float draw_turns(const Frame& frame, Actions& actions, const ColumnPage& page, float end) {
    const std::string text = page.leaves_out() ? frame.words.format("columns.some", page.count, page.all)
                                               : frame.words.format("columns.page", page.first + 1, page.last + 1, page.all);
    const float arrows = button_width(frame, "◀") + button_width(frame, "▶") + frame.px(6);
    const float told = frame.px(frame.fonts.width(text, TextStyle::small) + 6);
    const float x = ImGui::GetCursorPosX();
    if (x + arrows > end) {
        return x;  // the keys and the tree lead there too
    }
    const auto turn = [&](const char* id, const char* icon, Turn which, bool enabled) {
        if (draw_button(frame, id, icon, ButtonLook::plain, enabled, frame.words.text("columns.turn"))) {
            actions.put(action::TurnColumns{which});
        }
        ImGui::SameLine(0, frame.px(6));
    };
    turn("columns_back", "◀", Turn::back, page.first > 0);
    const float y = ImGui::GetCursorPosY();
    ImGui::SetCursorPosY(y + frame.px(4));
    if (x + arrows + told <= end) {
        draw_text(frame, text, TextStyle::small, Role::muted);
        ImGui::SameLine(0, frame.px(6));
    }
    ImGui::SetCursorPosY(y);
    turn("columns_forward", "▶", Turn::forward, page.last + 1 < page.all || page.leaves_out());
    return ImGui::GetCursorPosX();
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

float draw_column_pager(const Frame& frame, Actions& actions, float x, float end) {
    const ColumnPage page = column_page(frame.view, frame.world());
    if (page.all <= page.count || frame.view.columns_chosen) {
        return x;
    }
    const ImVec2 below = ImGui::GetCursorPos();
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(frame.px(7), frame.px(3)));
    ImGui::SetCursorPos({x, frame.px(8)});
    const ShownProcesses processes(frame.world(), frame.world(), frame.view.choice);
    const float after = x + chips_width(frame, processes.order()) <= end ? draw_chips(frame, actions, processes.order())
                                                                         : draw_turns(frame, actions, page, end);
    ImGui::PopStyleVar();
    ImGui::SetCursorPos(below);
    return after;
}

}  // namespace procatlas
