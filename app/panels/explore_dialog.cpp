#include "app/panels/explore_dialog.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "app/control/outcome_text.h"
#include "app/paint/ui.h"
#include "core/base/text.h"
#include "core/narrate/turn_text.h"

namespace procatlas {
namespace {

constexpr float explore_width = 780;
constexpr float outcomes_height = 240;
constexpr std::size_t most_lines = 4;  // of an outcome's output

void explore_words(const Frame& frame, std::string_view text, Role role) {
    draw_text(frame, text, TextStyle::small, role, Wrap::yes);
}

// What was printed, from where the outcomes begin to differ.
std::vector<std::string> told_lines(const Outcome& outcome, std::size_t common, const Messages& words) {
    std::vector<std::string> lines;
    const std::size_t from = common > 1 ? common : 0;
    if (from > 0) {
        lines.push_back(words.format("explore.same_lines", from));
    }
    for (std::size_t i = from; i < outcome.output.size() && i < from + most_lines; ++i) {
        lines.push_back(outcome.output[i]);
    }
    if (outcome.output.size() > from + most_lines) {
        lines.emplace_back("…");
    }
    if (lines.empty()) {
        lines.emplace_back(words.text("explored.no_output"));
    }
    return lines;
}

std::string share_text(const Explored& explored, const ExploredOutcome& one, const Messages& words) {
    const auto percent = [](std::size_t part, std::size_t whole) { return whole == 0 ? 0 : (100 * part + whole / 2) / whole; };
    return words.format("explore.shares", percent(one.runs, explored.runs), percent(one.free_runs, explored.free_runs));
}

// True: it was pressed.
bool draw_outcome(const Frame& frame, const Explored& explored, std::size_t index, float width) {
    const ExploredOutcome& one = explored.outcomes[index];
    const std::vector<std::string> lines = told_lines(one.outcome, lines_in_common(explored.outcomes), frame.words);
    ImGui::PushID(static_cast<int>(index));
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float line = frame.px(frame.fonts.line_height(TextStyle::mono) + 1);
    const float height = line * static_cast<float>(lines.size()) + frame.px(10);
    const bool pressed = ImGui::InvisibleButton("outcome", {width, height}) && !one.recording.empty();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    if (ImGui::IsItemHovered()) {
        list.AddRectFilled(at, {at.x + width, at.y + height}, colour_u32(frame.palette.hover_row), frame.px(5));
    }
    // The share of the runs that took turns, as a bar below the text.
    const float share = explored.runs == 0 ? 0 : static_cast<float>(one.runs) / static_cast<float>(explored.runs);
    list.AddRectFilled({at.x, at.y + height - frame.px(3)}, {at.x + width * share, at.y + height},
                       colour_u32(frame.palette.of(Role::accent)));
    const auto write = [&](float x, float y, const std::string& what, TextStyle style, Role role) {
        put_text(frame, {x, y}, what, style, frame.palette.of(role));
    };
    const std::string detail = share_text(explored, one, frame.words);
    const float detail_width = frame.px(frame.fonts.width(detail, TextStyle::small));
    const float top = at.y + frame.px(3);
    const float left = at.x + frame.px(34);
    const float room = (width - detail_width) / frame.fonts.scale() - 60;
    write(at.x + frame.px(9), top, fmt::format("{}.", index + 1), TextStyle::mono, Role::muted);
    for (std::size_t i = 0; i < lines.size(); ++i) {
        write(left, top + line * static_cast<float>(i), fit_text(lines[i], TextStyle::mono, room, frame.fonts), TextStyle::mono,
              one.outcome.end == RunEnd::ended ? Role::text : Role::warning);
    }
    write(at.x + width - detail_width - frame.px(9), top, detail, TextStyle::small, Role::muted);
    ImGui::PopID();
    return pressed;
}

// One of two outcomes: its lines until they part and a few more, who went on, and what decided it.
void draw_side(const Frame& frame, const Explored& explored, std::size_t index, const OutcomesApart& apart) {
    const ExploredOutcome& one = explored.outcomes[index];
    const auto line = [&](const std::string& text, TextStyle style, Role role) {
        frame.fonts.need(text);
        draw_fitted(frame, text, style, role);
    };
    constexpr std::size_t around = 3;  // lines before they part, and behind
    line(frame.words.format("explore.outcome", index + 1), TextStyle::strong, Role::text);
    const std::vector<std::string>& lines = one.outcome.output;
    const std::size_t from = apart.lines > around ? apart.lines - around : 0;
    if (from > 0) {
        line(frame.words.format("explore.same_lines", from), TextStyle::small, Role::muted);
    }
    for (std::size_t i = from; i < std::min(lines.size(), apart.lines + around); ++i) {
        line(lines[i], TextStyle::mono, i < apart.lines ? Role::muted : i == apart.lines ? Role::accent : Role::text);
    }
    if (lines.size() <= apart.lines) {
        line(std::string(frame.words.text("explore.no_more")), TextStyle::small, Role::accent);
    }
    if (one.by_turns && !one.choices.empty()) {
        std::string went;
        for (std::size_t i = 0; i < one.choices.size(); ++i) {
            went += (i == 0 ? "" : i == apart.choices ? " | " : " ") + one.choices[i];
        }
        explore_words(frame, frame.words.format("explore.went_on", display_text(went)), Role::text);
    }
    for (const std::size_t pair : one.decided_by) {
        explore_words(frame, display_text(deciding_pair_text(explored.pairs[pair], frame.words)), Role::text);
    }
    if (const auto like = decided_alike(explored, index)) {
        explore_words(
            frame,
            frame.words.format(one.decided_by.empty() ? "explored.decided_unknown" : "explored.decided_alike", *like + 1),
            Role::muted);
    }
}

}  // namespace

void ExploreDialog::put_beside(std::size_t outcome) {
    if (outcome != first_ && outcome != second_) {
        first_ = second_;
        second_ = outcome;
    }
}

void ExploreDialog::draw_found(const Frame& frame, Actions& actions, const Explored& explored) {
    const std::size_t count = explored.outcomes.size();
    explore_words(frame,
                  explored.exhaustive ? frame.words.format(count == 1 ? "explored.all_one" : "explored.all", count)
                  : count == 1        ? std::string(frame.words.text("explore.some_one"))
                                      : frame.words.format("explore.some", count),
                  Role::text);
    for (const std::string& limit : explored.limits) {
        explore_words(frame, turns_limit_text(limit, frame.words), Role::muted);
    }
    explore_words(frame, frame.words.text("explore.hint"), Role::muted);
    if (std::max(first_, second_) >= count) {
        first_ = 0;
        second_ = 1;
    }
    float wanted = 0;
    for (const ExploredOutcome& one : explored.outcomes) {
        const auto lines = static_cast<float>(told_lines(one.outcome, lines_in_common(explored.outcomes), frame.words).size());
        wanted +=
            lines * frame.px(frame.fonts.line_height(TextStyle::mono) + 1) + frame.px(10) + ImGui::GetStyle().ItemSpacing.y;
    }
    ImGui::BeginChild("outcomes", {0, std::min(frame.px(outcomes_height), wanted)});
    const std::string_view beside = frame.words.text("explore.beside");
    const float button = count > 2 ? button_width(frame, beside) + frame.px(8) : 0;  // two stand there anyway
    for (std::size_t i = 0; i < count; ++i) {
        if (draw_outcome(frame, explored, i, ImGui::GetContentRegionAvail().x - button)) {
            actions.put(action::CloseDialog{});
            actions.put(action::OpenFile{explored.outcomes[i].recording.string()});
        }
        if (count > 2) {
            ImGui::SameLine(0, frame.px(8));
            ImGui::PushID(static_cast<int>(i));
            if (draw_button(frame, "beside", beside, i == first_ || i == second_ ? ButtonLook::toggled : ButtonLook::plain,
                            true, frame.words.text("explore.beside_tip"))) {
                put_beside(i);
            }
            ImGui::PopID();
        }
    }
    ImGui::EndChild();
    if (count > 1) {
        draw_beside(frame, actions, explored);
    }
}

void ExploreDialog::draw_beside(const Frame& frame, Actions& actions, const Explored& explored) const {
    const std::array<std::size_t, 2> sides{std::min(first_, second_), std::max(first_, second_)};
    const OutcomesApart apart = outcomes_apart(explored.outcomes[sides[0]], explored.outcomes[sides[1]]);
    const float gap = frame.px(16);
    const float width = (ImGui::GetContentRegionAvail().x - gap) / 2;
    for (std::size_t i = 0; i < sides.size(); ++i) {
        ImGui::PushID(static_cast<int>(i));
        ImGui::BeginChild("side", {width, frame.px(230)}, true);
        draw_side(frame, explored, sides[i], apart);
        const std::filesystem::path& file = explored.outcomes[sides[i]].recording;
        const std::filesystem::path& other = explored.outcomes[sides[1 - i]].recording;
        if (draw_button(frame, "open", frame.words.text("explore.open_parted"), ButtonLook::plain,
                        !file.empty() && !other.empty(), frame.words.text("explore.open_parted_tip"))) {
            actions.put(action::CloseDialog{});
            actions.put(action::OpenParted{file.string(), other.string()});
        }
        if (i == 0) {
            ImGui::SameLine(0, frame.px(8));
            if (draw_button(frame, "compare", frame.words.text("explore.compare"), ButtonLook::plain,
                            !file.empty() && !other.empty(), frame.words.text("explore.compare_tip"))) {
                actions.put(action::CloseDialog{});
                actions.put(action::CompareFiles{file.string(), other.string()});
            }
        }
        ImGui::EndChild();
        ImGui::PopID();
        if (i == 0) {
            ImGui::SameLine(0, gap);
        }
    }
}

void ExploreDialog::draw(const Frame& frame, Actions& actions) {
    const bool open = frame.view.dialog == Dialog::explore;
    if (open && !was_open_) {
        open_dialog("explore");
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
