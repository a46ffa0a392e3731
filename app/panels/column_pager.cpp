#include "app/panels/column_pager.h"

#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include "app/control/view_moves.h"
#include "app/paint/ui.h"
#include "core/layout/process_role.h"
#include "core/layout/processes/process_chips.h"
#include "core/layout/processes/shown_processes.h"
#include "core/narrate/family_names.h"
#include "core/narrate/process_state.h"

namespace procatlas {
namespace {

constexpr float chip_pad = 7;
constexpr float chip_gap = 4;

float chip_width(const Frame& frame, const std::string& text) {
    return frame.px(frame.fonts.width(text, TextStyle::strong) + 2 * chip_pad);
}

// The name of a process: filled where it has a column, an outline where it has none. A click gives it one.
void draw_chip(const Frame& frame, Actions& actions, std::size_t process, const std::string& name) {
    const Process& told = frame.world().processes[process];
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const float tall = ImGui::GetFrameHeight();
    const bool shown = std::ranges::find(frame.view.columns, process) != frame.view.columns.end();
    const float width = chip_width(frame, name);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImGui::PushID(static_cast<int>(process));
    if (ImGui::InvisibleButton("chip", {width, tall})) {
        actions.put(action::SelectProcess{process});
    }
    ImGui::PopID();
    if (ImGui::IsItemHovered()) {
        ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
        draw_tip(frame, frame.words.format(shown ? "columns.shown" : "columns.hidden", told.key.pid,
                                           state_at_moment(frame.layout_context(), told, {})));
    }
    const Colour colour = frame.palette.of(role_of_process(process));
    if (shown) {
        list.AddRectFilled(at, {at.x + width, at.y + tall}, colour_u32(colour), frame.px(5));
    } else {
        list.AddRect(at, {at.x + width, at.y + tall}, colour_u32(colour), frame.px(5), 0, frame.px(2));
    }
    put_text(frame, {at.x + frame.px(chip_pad), at.y + (tall - frame.fonts.font(TextStyle::strong)->FontSize) / 2}, name,
             TextStyle::strong, shown ? ink_on(colour) : frame.palette.of(Role::text));
}

// A button whose click lists processes that have no chip, each with a click to its column.
void draw_list_button(const Frame& frame, Actions& actions, const std::string& text, std::span<const std::size_t> processes) {
    if (draw_button(frame, "columns_list", text, ButtonLook::plain, true, frame.words.text("columns.list"))) {
        ImGui::OpenPopup("columns_menu");
    }
    ImGui::SetNextWindowSizeConstraints({0, 0}, {frame.px(600), frame.px(420)});
    if (!ImGui::BeginPopup("columns_menu")) {
        return;
    }
    const std::vector<std::string> names = family_names(frame.world());
    for (const std::size_t process : processes) {
        const Process& told = frame.world().processes[process];
        const std::string row =
            names[process] + "   " + std::to_string(told.key.pid) + "   " + state_at_moment(frame.layout_context(), told, {});
        ImGui::PushID(static_cast<int>(process));
        if (ImGui::MenuItem(row.c_str())) {
            actions.put(action::SelectProcess{process});
        }
        ImGui::PopID();
    }
    ImGui::EndPopup();
}

float draw_chips(const Frame& frame, Actions& actions, const ProcessChips& chips) {
    const std::vector<std::string> names = family_names(frame.world());
    for (const std::size_t process : chips.named) {
        draw_chip(frame, actions, process, names[process]);
        ImGui::SameLine(0, frame.px(chip_gap));
    }
    if (!chips.counted.empty()) {
        draw_list_button(frame, actions, "+" + std::to_string(chips.counted.size()), chips.counted);
        ImGui::SameLine(0, frame.px(chip_gap));
    }
    return ImGui::GetCursorPosX();
}

// "◀ 1–3 of 40 ▶"; where that has no room "1–3 of 40", or "+37", or nothing.
float draw_turns(const Frame& frame, Actions& actions, std::span<const std::size_t> order, float x, float end) {
    const ColumnPage page = column_page(frame.view, frame.world());
    std::string text = page.leaves_out() ? frame.words.format("columns.some", page.count, page.all)
                                         : frame.words.format("columns.page", page.first + 1, page.last + 1, page.all);
    const float gap = frame.px(6);
    float list = button_width(frame, text) + gap;
    const bool with_arrows = list + 2 * (button_width(frame, "◀") + gap) <= end - x;
    const auto turn = [&](const char* id, const char* icon, Turn which, bool enabled) {
        if (with_arrows && draw_button(frame, id, icon, ButtonLook::plain, enabled, frame.words.text("columns.turn"))) {
            actions.put(action::TurnColumns{which});
        }
        if (with_arrows) {
            ImGui::SameLine(0, gap);
        }
    };
    if (list > end - x) {
        text = "+" + std::to_string(page.all - page.count);
        list = button_width(frame, text) + gap;
    }
    if (list > end - x) {
        return x;
    }
    turn("columns_back", "◀", Turn::back, page.first > 0);
    draw_list_button(frame, actions, text, order);
    ImGui::SameLine(0, gap);
    turn("columns_forward", "▶", Turn::forward, page.last + 1 < page.all || page.leaves_out());
    return ImGui::GetCursorPosX();
}

ProcessChips chips_that_fit(const Frame& frame, const std::vector<std::size_t>& order, float room) {
    const std::vector<std::string> names = family_names(frame.world());
    std::vector<float> widths;
    for (const std::size_t process : order) {
        widths.push_back(chip_width(frame, names[process]) + frame.px(chip_gap));
    }
    const std::string count = "+" + std::to_string(order.size());
    const float count_width = button_width(frame, count) + frame.px(chip_gap);
    return process_chips(frame.world(), order, frame.view.columns, {widths, count_width, room});
}

}  // namespace

float draw_column_pager(const Frame& frame, Actions& actions, float x, float end) {
    const ColumnPage page = column_page(frame.view, frame.world());
    if (page.all <= page.count || frame.view.columns_chosen) {
        return x;
    }
    const ImVec2 below = ImGui::GetCursorPos();
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(frame.px(7), frame.px(3)));
    ImGui::SetCursorPos({x, frame.px(8)});
    const ShownProcesses processes(frame.world(), frame.world(), frame.view.choice);
    constexpr std::size_t most = 24;  // more of them are turned like pages
    const ProcessChips chips =
        processes.order().size() > most ? ProcessChips{} : chips_that_fit(frame, processes.order(), end - x);
    const float after =
        chips.named.empty() ? draw_turns(frame, actions, processes.order(), x, end) : draw_chips(frame, actions, chips);
    ImGui::PopStyleVar();
    ImGui::SetCursorPos(below);
    return after;
}

}  // namespace procatlas
