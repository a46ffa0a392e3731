#include "app/panels/explore_dialog.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "app/paint/ui.h"
#include "core/base/text.h"
#include "core/narrate/turn_text.h"

namespace procatlas {
namespace {

constexpr float explore_width = 680;
constexpr float outcome_height = 28;
constexpr std::size_t most_lines = 4;  // of an outcome's output

void explore_words(const Frame& frame, std::string_view text, Role role) {
    draw_text(frame, text, TextStyle::small, role, Wrap::yes);
}

// What was printed, in one line: "1 · 2 · 3".
std::string output_in_short(const Outcome& outcome, const Messages& words) {
    std::string text;
    for (std::size_t i = 0; i < outcome.output.size() && i < most_lines; ++i) {
        text += (i == 0 ? "" : " · ") + outcome.output[i];
    }
    if (outcome.output.size() > most_lines) {
        text += " …";
    }
    return outcome.output.empty() ? std::string(words.text("explored.no_output")) : text;
}

std::string share_text(const Explored& explored, const ExploredOutcome& one, const Messages& words) {
    const auto percent = [](std::size_t part, std::size_t whole) { return whole == 0 ? 0 : (100 * part + whole / 2) / whole; };
    return words.format("explore.shares", percent(one.runs, explored.runs), percent(one.free_runs, explored.free_runs));
}

// True: it was pressed.
bool draw_outcome(const Frame& frame, const Explored& explored, std::size_t index) {
    const ExploredOutcome& one = explored.outcomes[index];
    ImGui::PushID(static_cast<int>(index));
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float width = ImGui::GetContentRegionAvail().x;
    const float height = frame.px(outcome_height);
    const bool pressed = ImGui::InvisibleButton("outcome", {width, height}) && !one.recording.empty();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    if (ImGui::IsItemHovered()) {
        list.AddRectFilled(at, {at.x + width, at.y + height}, colour_u32(frame.palette.hover_row), frame.px(5));
    }
    // The share of the runs that took turns, as a bar behind the text.
    const float share = explored.runs == 0 ? 0 : static_cast<float>(one.runs) / static_cast<float>(explored.runs);
    list.AddRectFilled({at.x, at.y + height - frame.px(3)}, {at.x + width * share, at.y + height},
                       colour_u32(frame.palette.of(Role::accent)));
    const std::string detail = share_text(explored, one, frame.words);
    const float detail_width = frame.px(frame.fonts.width(detail, TextStyle::small));
    const std::string text = fit_text(fmt::format("{}.  {}", index + 1, output_in_short(one.outcome, frame.words)),
                                      TextStyle::mono, (width - detail_width) / frame.fonts.scale() - 30, frame.fonts);
    frame.fonts.need(text);
    frame.fonts.need(detail);
    const auto write = [&](float x, const std::string& what, TextStyle style, Role role) {
        ImFont* font = frame.fonts.font(style);
        list.AddText(font, font->FontSize, {x, at.y + (height - font->FontSize) / 2}, colour_u32(frame.palette.of(role)),
                     what.c_str());
    };
    write(at.x + frame.px(9), text, TextStyle::mono, one.outcome.end == RunEnd::ended ? Role::text : Role::warning);
    write(at.x + width - detail_width - frame.px(9), detail, TextStyle::small, Role::muted);
    ImGui::PopID();
    return pressed;
}

void draw_found(const Frame& frame, Actions& actions, const Explored& explored) {
    const std::size_t count = explored.outcomes.size();
    explore_words(frame,
                  explored.exhaustive ? frame.words.format(count == 1 ? "explored.all_one" : "explored.all", count)
                                      : frame.words.format("explore.some", count),
                  Role::text);
    for (const std::string& limit : explored.limits) {
        explore_words(frame, turns_limit_text(limit, frame.words), Role::muted);
    }
    explore_words(frame, frame.words.text("explore.hint"), Role::muted);
    const float row = frame.px(outcome_height) + ImGui::GetStyle().ItemSpacing.y;
    ImGui::BeginChild("outcomes", {0, std::min(frame.px(360), row * static_cast<float>(count))});
    for (std::size_t i = 0; i < count; ++i) {
        if (draw_outcome(frame, explored, i)) {
            actions.put(action::CloseDialog{});
            actions.put(action::OpenFile{explored.outcomes[i].recording.string()});
        }
    }
    ImGui::EndChild();
}

}  // namespace

void ExploreDialog::draw(const Frame& frame, Actions& actions) {
    const bool open = frame.view.dialog == Dialog::explore;
    if (open && !was_open_) {
        ImGui::OpenPopup("explore");
    }
    was_open_ = open;
    if (!begin_dialog(frame, "explore", explore_width)) {
        return;
    }
    if (!open) {
        ImGui::CloseCurrentPopup();
        ImGui::EndPopup();
        return;
    }
    const ExplorationView& exploration = frame.view.exploration;
    draw_text(frame, frame.words.text("explore.title"), TextStyle::title, Role::text);
    draw_text(frame, display_text(exploration.title), TextStyle::mono, Role::muted);
    if (exploration.running) {
        explore_words(frame, frame.words.text("explore.running"), Role::text);
    } else if (exploration.found) {
        draw_found(frame, actions, *exploration.found);
    } else {
        explore_words(frame, exploration.problem, Role::warning);
    }
    if (draw_button(frame, "close_explore", frame.words.text("help.close"), ButtonLook::plain, true, {})) {
        actions.put(action::CloseDialog{});
    }
    ImGui::EndPopup();
}

}  // namespace procatlas
