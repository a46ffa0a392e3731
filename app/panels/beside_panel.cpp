#include "app/panels/beside_panel.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "app/control/compared_text.h"
#include "app/paint/paint_scene.h"
#include "app/paint/ui.h"
#include "core/export/picture/figure_output.h"
#include "core/export/request/chosen_processes.h"
#include "core/layout/stage/layout_stage.h"
#include "core/layout/stage/stage_places.h"
#include "core/narrate/explain.h"

namespace procatlas {
namespace {

constexpr float head_height = 66;

// The first process and the youngest others, as many as can be read, and among them the one that acts.
Scene stage_of(const LayoutContext& context, float width, float height) {
    const auto chosen = columns_with_acting(context.recording, context.world, context.moment, stage_columns_that_fit(width));
    std::vector<StageColumn> columns;
    for (const std::size_t process : chosen) {
        columns.push_back(stage_column(context, process));
        columns.back().missing.clear();  // how to see more is no matter of a comparison
    }
    return layout_stage(context, columns, {.width = width, .height = height, .selected = {}});
}

std::string_view state_key(const BesideView& view) {
    const auto& parting = view.runs->parting;
    return !parting || view.step < *parting ? "beside.same" : view.step == *parting ? "beside.parts" : "beside.after";
}

}  // namespace

void BesidePanel::draw(const Frame& frame, Actions& actions, float width, float height) {
    const float gap = frame.px(8);
    const float head = frame.px(head_height);
    draw_head(frame, actions, {gap, gap, width - 2 * gap, head});
    const float y = 2 * gap + head;
    const float rest = height - y - gap;
    const float found = std::floor(rest * 0.27F);
    const float half = std::floor((width - 3 * gap) / 2);
    const float above = rest - found - gap;
    draw_side(frame, 0, {gap, y, half, above});
    draw_side(frame, 1, {2 * gap + half, y, half, above});
    draw_found(frame, {gap, y + above + gap, width - 2 * gap, found});
}

void BesidePanel::draw_head(const Frame& frame, Actions& actions, const Box& place) {
    const PanelScope panel(frame, "beside_head", place, {}, {});
    const BesideView& view = frame.view.beside;
    const Messages& words = frame.words;
    const std::size_t last = view.runs->steps.size() - 1;
    const float right = ImGui::GetCursorPosX() + ImGui::GetContentRegionAvail().x;
    ImGui::SetCursorPosY(frame.px(8));
    draw_fitted(frame, std::string(words.text("beside.title")) + " · " + words.format("beside.step", view.step + 1, last + 1),
                TextStyle::small, Role::accent);
    ImGui::SetCursorPosY(frame.px(29));
    const bool same = state_key(view) == "beside.same";
    draw_text(frame, words.text(state_key(view)), TextStyle::title, same ? Role::text : Role::warning);

    const float middle = (place.height - ImGui::GetFrameHeight()) / 2;
    const float leave = button_width(frame, words.text("beside.leave"));
    ImGui::SetCursorPos({right - leave, middle});
    if (draw_button(frame, "leave_beside", words.text("beside.leave"), ButtonLook::plain, true,
                    words.text("beside.leave_tip"))) {
        actions.put(action::LeaveBeside{});
    }
    float x = right - leave - frame.px(20);
    const auto button = [&](const char* id, std::string_view text, bool enabled, std::string_view tip, Action action) {
        x -= button_width(frame, text) + frame.px(6);
        ImGui::SetCursorPos({x, middle});
        if (draw_button(frame, id, text, ButtonLook::plain, enabled, tip)) {
            actions.put(std::move(action));
        }
    };
    button("beside_end", "▶|", view.step < last, words.text("tip.now"), action::Travel{TravelTo::now});
    button("beside_on", "▶", view.step < last, words.text("tip.forward"), action::Travel{TravelTo::forward});
    button("beside_back", "◀", view.step > 0, words.text("tip.back"), action::Travel{TravelTo::back});
    button("beside_first", "|◀", view.step > 0, words.text("tip.first"), action::Travel{TravelTo::first});
    const auto& parting = view.runs->parting;
    button("beside_parting", words.text("beside.parting"), parting && view.step != *parting,
           words.text(parting ? "beside.parting_tip" : "beside.never_part"), action::LookBeside{parting.value_or(0)});
}

void BesidePanel::draw_side(const Frame& frame, std::size_t side, const Box& place) {
    const Beside& beside = *frame.view.beside.runs;
    const BesideRun& run = side == 0 ? beside.first : beside.second;
    const auto& step = beside.steps[std::min(frame.view.beside.step, beside.steps.size() - 1)];
    const std::size_t moment = side == 0 ? step.first : step.second;
    frame.fonts.need(run.name);
    const PanelScope panel(frame, side == 0 ? "beside_first_run" : "beside_second_run", place,
                           (side == 0 ? "A  " : "B  ") + run.name,
                           frame.words.format("beside.moment", moment, run.recording.last_moment()));
    const float scale = frame.fonts.scale();
    const float width = ImGui::GetContentRegionAvail().x / scale;
    const float room = ImGui::GetContentRegionAvail().y / scale;
    const float said = 2 * frame.fonts.line_height(TextStyle::body) + 10;
    const float stage = std::floor((room - said) * 0.66F);
    const Seen& seen = seen_[side].at({&beside, frame.view.beside.step, frame.revision()[3], width, stage}, [&] {
        const World world = run.recording.world_at(moment);
        const LayoutContext context{run.recording, world, moment, frame.words, frame.fonts};
        return Seen{stage_of(context, width, stage), layout_figure_output(context, width - 16),
                    explain({run.recording, world, moment, frame.words})};
    });
    frame.fonts.need(seen.said);
    const float top = ImGui::GetCursorPosY();
    draw_text(frame, seen.said, TextStyle::body, Role::text, Wrap::yes);
    ImGui::SetCursorPosY(top + frame.px(said));
    (void)scroll_scene("stage", seen.stage, frame.fonts, frame.palette, frame.px(stage), nullptr, nullptr);
    ImGui::SetCursorPosY(top + frame.px(said + stage) + frame.px(6));
    draw_text(frame, frame.words.text("output.title"), TextStyle::strong, Role::text);
    (void)scroll_scene("output", seen.output, frame.fonts, frame.palette, 0, nullptr, nullptr);
}

void BesidePanel::draw_found(const Frame& frame, const Box& place) {
    const Comparison& comparison = frame.view.beside.runs->comparison;
    const PanelScope panel(frame, "beside_found", place, {}, {});
    const float half = std::floor((ImGui::GetContentRegionAvail().x - frame.px(24)) * 0.45F);
    const auto say = [&](const std::string& text, TextStyle style, Role role) {
        frame.fonts.need(text);
        draw_text(frame, text, style, role, Wrap::yes);
    };
    ImGui::BeginChild("whole", {half, 0}, false);
    for (const std::string& sentence : comparison_sentences(comparison, frame.words)) {
        say(sentence, TextStyle::body, Role::text);
    }
    ImGui::EndChild();
    ImGui::SameLine(0, frame.px(24));
    ImGui::BeginChild("processes", {0, 0}, false);
    for (const ComparedProcess& process : comparison.processes) {
        say(compared_process_name(process, frame.words), TextStyle::strong, Role::accent);
        std::vector<std::string> said = process_sentences(process, frame.words);
        std::ranges::move(moved_areas(process, frame.words), std::back_inserter(said));
        ImGui::Indent(frame.px(14));
        for (const std::string& sentence : said) {
            say(sentence, TextStyle::small, Role::text);
        }
        ImGui::Unindent(frame.px(14));
    }
    ImGui::EndChild();
}

}  // namespace procatlas
