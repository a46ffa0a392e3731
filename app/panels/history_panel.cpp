#include <algorithm>

#include "app/panels/panels.h"
#include "app/ui.h"
#include "core/base/text.h"
#include "core/narrate/explain.h"

namespace procatlas {

namespace {

constexpr std::size_t history_shown = 200;  // the newest: a list to glance at, not the recording

std::string sentence(const Frame& frame, std::size_t moment) {
    const Recording& recording = frame.run.recording();
    return explain({recording, frame.world(), moment, frame.words});
}

// A step, a run or a measurement of ours is an answer, not news.
bool is_news(const Event& event) {
    return !std::holds_alternative<StepEvent>(event.detail) && !std::holds_alternative<ResidentEvent>(event.detail);
}

}  // namespace

float draw_happening_panel(Frame& frame, const Box& place) {
    const auto events = frame.run.recording().events().first(frame.event_count());
    const auto last = std::find_if(events.rbegin(), events.rend(), is_news);
    const float height = frame.px(44);
    const PanelScope panel(frame, "happening", {place.x, place.y, place.width, height}, {}, {});
    const float line = frame.px(frame.fonts.line_height(TextStyle::title));
    ImGui::SetCursorPosY((height - line) / 2);
    if (last == events.rend()) {
        draw_fitted(frame, frame.words.text("status.ready"), TextStyle::title, Role::muted);
        return height;
    }
    // The whole state at the right end, in short.
    const World& world = frame.world();
    const auto held = std::ranges::count(world.processes, ProcessState::held, &Process::state);
    std::string status(frame.words.text(frame.view.moment     ? "status.past"
                                        : frame.run.opened()  ? "status.opened"
                                        : !frame.run.live()   ? "status.ended"
                                        : frame.run.holding() ? "status.holding"
                                                              : "status.running"));
    if (held > 0) {
        status += " · " + frame.words.format("status.held", held);
    }
    const float status_width = frame.fonts.width(status, TextStyle::small);
    const float room = ImGui::GetContentRegionAvail().x / frame.fonts.scale() - status_width - 24;
    const std::string whole = sentence(frame, static_cast<std::size_t>(events.rend() - last) - 1);
    const std::string fitting = fit_text(whole, TextStyle::title, room, frame.fonts);
    const float right = ImGui::GetCursorPosX() + ImGui::GetContentRegionAvail().x;
    draw_text(frame, fitting, TextStyle::title, Role::text);
    if (fitting != whole && ImGui::IsItemHovered()) {
        draw_tip(frame, whole);
    }
    ImGui::SameLine();
    ImGui::SetCursorPos({right - frame.px(status_width), (height - frame.px(frame.fonts.line_height(TextStyle::small))) / 2});
    draw_text(frame, status, TextStyle::small, frame.view.moment ? Role::accent : Role::muted);
    return height;
}

// Sentences are made once, when their event is new: looking for a process among thousands is not for every frame.
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
        rows_.push_back({event.process.pid, index, taken_, process != nullptr, time_text(event), sentence(frame, taken_)});
    }
    while (rows_.size() > history_shown) {
        rows_.pop_front();
    }
}

void HistoryPanel::draw(Frame& frame, const Box& place) {
    follow(frame);
    const PanelScope panel(frame, "history", place, frame.words.text("history.title"),
                           news_ == 0 ? std::string() : frame.words.format("history.count", count_text(news_)));
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
            if (draw_badge(frame, std::to_string(row.pid), row.process, badge)) {
                frame.view.selected = row.process;
                frame.view.show_selected = true;
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
            frame.view.go_to = row.moment;
        }
        draw_text(frame, row.sentence, TextStyle::small, Role::text, Wrap::yes);
        ImGui::PopID();
        ImGui::Dummy({0, frame.px(3)});
    }
    if (at_end) {
        ImGui::SetScrollHereY(1);
    }
    ImGui::EndChild();
}

}  // namespace procatlas
