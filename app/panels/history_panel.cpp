#include <algorithm>

#include "app/paint/ui.h"
#include "app/panels/action_button.h"
#include "app/panels/history_panel.h"
#include "app/panels/news.h"
#include "app/panels/thing_menu_popup.h"
#include "core/base/text.h"
#include "core/narrate/family_names.h"

namespace procatlas {

namespace {

constexpr std::size_t history_shown = 200;  // the newest events: a list to glance at, not the whole recording

}  // namespace

// Makes each sentence only once, when its event is new, because a search among thousands of processes is too slow for every
// frame.
void HistoryPanel::follow(const Frame& frame) {
    const Recording& recording = frame.run.recording();
    const auto events = recording.events().first(frame.event_count());
    const bool korean = frame.view.settings.language == "ko";
    const bool went_back = events.size() < counted_;
    if (generation_ != frame.run.generation() || korean != korean_ || images_ != recording.images().size() || went_back) {
        generation_ = frame.run.generation();
        korean_ = korean;
        images_ = recording.images().size();
        rows_.clear();
        taken_ = counted_ = news_ = 0;
    }
    for (; counted_ < events.size(); ++counted_) {
        news_ += is_news(events[counted_]) ? 1 : 0;
    }
    const World& world = frame.world();
    for (taken_ = std::max(taken_, events.size() - std::min(events.size(), history_shown)); taken_ < events.size(); ++taken_) {
        const Event& event = events[taken_];
        if (!is_news(event)) {
            continue;
        }
        const Process* process = world.find(event.process);
        const std::size_t index = process ? static_cast<std::size_t>(process - world.processes.data()) : 0;
        rows_.push_back({event.process.pid, index, taken_, process != nullptr, time_text(event), sentence_of(frame, taken_)});
    }
    while (rows_.size() > history_shown) {
        rows_.pop_front();
    }
}

void HistoryPanel::draw(const Frame& frame, Actions& actions, const Box& place) {
    follow(frame);
    const PanelScope panel(frame, "history", place, " ", {});
    draw_head_switch(frame, actions, Bar::aside);
    ImGui::BeginChild("history_scroll", {0, 0}, false);
    if (rows_.empty()) {
        draw_text(frame, frame.words.text("history.empty"), TextStyle::small, Role::muted, Wrap::yes);
    }
    const float badge = frame.px(frame.fonts.width("0000000", TextStyle::mono_small) + 8);
    const bool at_end = ImGui::GetScrollY() >= ImGui::GetScrollMaxY() - 1;
    int number = 0;
    for (const Row& row : rows_) {
        ImGui::PushID(number++);
        if (row.known) {
            if (draw_badge(frame, family_name(frame.world(), row.process), row.process, badge)) {
                actions.put(action::SelectProcess{row.process});
            }
            ImGui::SameLine(0, frame.px(8));
            ImGui::SetCursorPosY(ImGui::GetCursorPosY() + frame.px(2));
        }
        draw_text(frame, row.time, TextStyle::mono_small, Role::muted);
        if (ImGui::IsItemHovered()) {
            ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
            draw_tip(frame, frame.words.format("history.go", row.moment));
        }
        if (ImGui::IsItemClicked()) {
            actions.put(action::GoTo{row.moment});
        }
        draw_text(frame, row.sentence, TextStyle::small, Role::text, Wrap::yes);
        if (right_clicked() && ImGui::IsItemHovered()) {
            offer_menu(actions, {.kind = ThingKind::event, .process = row.process, .text = row.sentence, .moment = row.moment});
        }
        ImGui::PopID();
        ImGui::Dummy({0, frame.px(3)});
    }
    if (at_end) {
        ImGui::SetScrollHereY(1);
    }
    ImGui::EndChild();
}

}  // namespace procatlas
