#include "app/panels/happening_panel.h"

#include <algorithm>

#include "app/paint/ui.h"
#include "app/panels/news.h"

namespace procatlas {

float draw_happening_panel(const Frame& frame, const Box& place) {
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
    // A short summary of the state at the right end.
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
    const std::string whole = sentence_of(frame, static_cast<std::size_t>(events.rend() - last) - 1);
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

}  // namespace procatlas
