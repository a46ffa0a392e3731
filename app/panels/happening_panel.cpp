#include "app/panels/happening_panel.h"

#include <algorithm>

#include "app/paint/ui.h"
#include "app/panels/news.h"
#include "core/layout/process_role.h"
#include "core/narrate/family_names.h"
#include "core/narrate/headline.h"

namespace procatlas {

namespace {

// "held · moment 52 of 52"
std::string status_text(const Frame& frame) {
    const auto held = std::ranges::count(frame.world().processes, ProcessState::held, &Process::state);
    std::string status(frame.words.text(frame.view.moment     ? "status.past"
                                        : frame.run.opened()  ? "status.opened"
                                        : !frame.run.live()   ? "status.ended"
                                        : frame.run.holding() ? "status.holding"
                                                              : "status.running"));
    if (held > 0) {
        status += " · " + frame.words.format("status.held", held);
    }
    return status + " · " + frame.words.format("status.moment", frame.moment(), frame.run.recording().last_moment());
}

// The name of a process on its colour, in the middle of a line `height` pixels high.
void draw_name(const Frame& frame, const std::string& name, std::size_t process, float height) {
    const Role role = role_of_process(process);
    const float width = frame.px(frame.fonts.width(name, TextStyle::title) + 20);
    const float line = frame.px(frame.fonts.line_height(TextStyle::title));
    const float tall = line + frame.px(6);
    ImGui::SetCursorPosY((height - tall) / 2);
    const ImVec2 at = ImGui::GetCursorScreenPos();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    list.AddRectFilled(at, {at.x + width, at.y + tall}, colour_u32(frame.palette.of(role)), frame.px(6));
    put_text(frame, {at.x + frame.px(10), at.y + frame.px(3)}, name, TextStyle::title, ink_on(frame.palette.of(role)));
    ImGui::Dummy({width, tall});
}

}  // namespace

float draw_happening_panel(const Frame& frame, const Box& place) {
    const auto events = frame.run.recording().events().first(frame.event_count());
    const auto last = std::find_if(events.rbegin(), events.rend(), is_news);
    const float height = frame.px(48);
    const PanelScope panel(frame, "happening", {place.x, place.y, place.width, height}, {}, {});
    const auto down = [&](TextStyle style) { return (height - frame.px(frame.fonts.line_height(style))) / 2; };
    if (last == events.rend()) {
        ImGui::SetCursorPosY(down(TextStyle::title));
        draw_fitted(frame, frame.words.text("status.ready"), TextStyle::title, Role::muted);
        return height;
    }
    const std::size_t moment = static_cast<std::size_t>(events.rend() - last) - 1;
    const std::string status = status_text(frame);
    const float status_width = frame.fonts.width(status, TextStyle::small);
    const float right = ImGui::GetCursorPosX() + ImGui::GetContentRegionAvail().x;
    const Headline said = headline({frame.run.recording(), frame.world(), moment, frame.words});
    if (said.process) {
        draw_name(frame, family_names(frame.world())[*said.process], *said.process, height);
        ImGui::SameLine(0, frame.px(12));
    }
    const float room = (right - ImGui::GetCursorPosX()) / frame.fonts.scale() - status_width - 20;
    constexpr float wide_window = 1700;  // below it the size would change from sentence to sentence
    const bool large = place.width >= frame.px(wide_window) && frame.fonts.width(said.text, TextStyle::headline) <= room;
    const TextStyle style = large ? TextStyle::headline : TextStyle::title;
    ImGui::SetCursorPosY(down(style));
    draw_fitted(frame, said.text, style, Role::text, room);
    if (ImGui::IsItemHovered()) {
        draw_tip(frame, sentence_of(frame, moment));
    }
    ImGui::SameLine();
    ImGui::SetCursorPos({right - frame.px(status_width), down(TextStyle::small)});
    draw_text(frame, status, TextStyle::small, frame.view.moment ? Role::accent : Role::muted);
    return height;
}

}  // namespace procatlas
