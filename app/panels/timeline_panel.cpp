#include <algorithm>
#include <cmath>
#include <utility>

#include "app/paint/paint_scene.h"
#include "app/paint/ui.h"
#include "app/panels/action_button.h"
#include "app/panels/news.h"
#include "app/panels/thing_menu_popup.h"
#include "app/panels/timeline_panel.h"
#include "core/base/text.h"
#include "core/narrate/explain.h"

namespace procatlas {

namespace {

constexpr double fewest_moments = 16;         // limits zooming in to a sixteenth of the panel per moment
constexpr float around_lanes = 42 + 24 + 14;  // title, ruler and edge
constexpr std::size_t least_lanes = 2;        // a parent and its child

}  // namespace

float TimelinePanel::height_within(const Frame& frame, float room) const {
    const float lane = lane_box(0).height;
    const float lanes = std::floor((room / frame.fonts.scale() - around_lanes) / lane);
    const float whole = frame.px(around_lanes + std::max(lanes, 1.0F) * lane);
    return std::min(whole, wanted_height(frame));
}

float TimelinePanel::wanted_height(const Frame& frame) const {
    // As of the last draw; those that have been born since have a lane, unless they are hidden.
    const std::size_t processes = frame.lesson ? frame.world().processes.size() : frame.run.world().processes.size();
    const std::size_t hidden = scene().processes.all() - scene().processes.order().size();
    const auto lanes = static_cast<float>(std::max(processes - std::min(hidden, processes), least_lanes));
    return frame.px(around_lanes + lanes * lane_box(0).height);
}

void TimelinePanel::follow(const Frame& frame) {
    const Recording& recording = frame.run.recording();
    if (generation_ != frame.run.generation()) {
        generation_ = frame.run.generation();
        lanes_.clear();
        startup_open_ = false;
        view_.startup = {};
        zoomed_ = false;
        shown_moment_ = 0;
    }
    lanes_.follow(recording);
    follow_startup(frame);
    const double all = all_places(frame);
    if (!zoomed_) {
        // What happened before the program that the person named began is out of sight, to the left.
        view_.first = frame.view.choice.launcher_open ? 0 : static_cast<double>(frame.run.world().program_moment);
        view_.count = std::max(all - view_.first, fewest_moments);
    }
    // Scrolls along when the shown moment leaves the visible part.
    const std::size_t moment = frame.moment();
    if (moment != shown_moment_ && zoomed_) {
        const double at = view_.startup.place_of(static_cast<double>(moment));
        if (at < view_.first || at + 1 > view_.first + view_.count) {
            view_.first = at + 0.5 - view_.count / 2;
        }
    }
    shown_moment_ = moment;
    keep_in_range(all);
}

std::size_t TimelinePanel::end_of(const Frame& frame) {
    const std::size_t all = frame.run.recording().events().size();
    return frame.lesson ? std::min(frame.moment() + 1, all) : all;
}

double TimelinePanel::all_places(const Frame& frame) const {
    return view_.startup.place_of(static_cast<double>(end_of(frame)));
}

// Wide enough for its number while all is shown.
void TimelinePanel::follow_startup(const Frame& frame) {
    constexpr double share = 0.04;
    const Recording& recording = frame.run.recording();
    if (view_.startup.empty()) {
        view_.startup = startup_stretch(recording);
    }
    const auto count = static_cast<double>(view_.startup.count());
    const auto rest = static_cast<double>(end_of(frame)) - count;
    view_.startup.width = startup_open_ ? count : std::clamp(share * rest, 1.0, std::max(count - 1, 1.0));
}

void TimelinePanel::keep_in_range(double all) {
    view_.count = std::clamp(view_.count, fewest_moments, std::max(all, fewest_moments));
    view_.first = std::clamp(view_.first, 0.0, std::max(all - view_.count, 0.0));
}

// Draws back, forward, first and now, and how long everything took.
void TimelinePanel::draw_head(const Frame& frame, Actions& actions) const {
    const Recording& recording = frame.run.recording();
    const ImVec2 below = ImGui::GetCursorPos();
    const float row = frame.px(7);
    const std::size_t moment = frame.moment();
    const bool past = frame.view.moment.has_value();
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(frame.px(9), frame.px(3)));
    ImGui::SetCursorPos(
        {below.x + frame.px(frame.fonts.width(frame.words.text("timeline.title"), TextStyle::strong) + 16), row});
    for (const ActionRow* action_row : rows_in(Bar::timeline)) {
        draw_action_button(frame, actions, *action_row);
        ImGui::SameLine(0, frame.px(4));
    }
    ImGui::PopStyleVar();
    const auto events = recording.events();
    const double seconds = events.empty() ? 0 : static_cast<double>(events.back().time_ns) / 1e9;
    const std::string hint =
        past ? frame.words.format("timeline.past", moment, recording.last_moment())
             : frame.words.format("timeline.count", count_text(events.size()), fmt::format("{:.3f}", seconds));
    const float width = frame.px(frame.fonts.width(hint, TextStyle::small));
    const float x = ImGui::GetCursorPosX() + ImGui::GetContentRegionAvail().x - width;
    ImGui::SetCursorPos({x, row + frame.px(1)});
    draw_text(frame, hint, TextStyle::small, past ? Role::accent : Role::muted);
    ImGui::SetCursorPos(below);
}

void TimelinePanel::zoom(float x, float steps, double all) {
    const double under = view_.first + static_cast<double>((x - scene().left) / scene().step);
    const double share = (under - view_.first) / view_.count;
    view_.count *= std::pow(0.8, static_cast<double>(steps));
    keep_in_range(all);
    view_.first = under - share * view_.count;
    keep_in_range(all);
    zoomed_ = view_.count < all;
}

// Handles the pointer over the lanes. `x`, `y` in the scene's units.
void TimelinePanel::take_pointer(const Frame& frame, Actions& actions, float x, float y) {
    const double all = all_places(frame);
    const ImGuiIO& io = ImGui::GetIO();
    if (ImGui::IsWindowHovered() && io.MouseWheel != 0 && !io.KeyShift) {
        zoom(x, io.MouseWheel, all);
    }
    if (ImGui::IsWindowHovered() && ImGui::IsMouseClicked(ImGuiMouseButton_Left) && x >= scene().left - 4) {
        dragging_ = true;
    }
    dragging_ = dragging_ && ImGui::IsMouseDown(ImGuiMouseButton_Left);
    if (dragging_) {
        const std::size_t moment = scene().moment_at(x, view_, end_of(frame) - 1);
        if (moment != frame.moment() && !frame.lesson) {
            actions.put(action::GoTo{moment});
        }
    }
    if (ImGui::IsWindowHovered() && ImGui::IsMouseDragging(ImGuiMouseButton_Right)) {
        const ImVec2 moved = ImGui::GetMouseDragDelta(ImGuiMouseButton_Right);
        ImGui::ResetMouseDragDelta(ImGuiMouseButton_Right);
        view_.first -= static_cast<double>(moved.x / frame.fonts.scale() / scene().step);
        keep_in_range(all);
        zoomed_ = view_.count < all;
        ImGui::SetScrollY(ImGui::GetScrollY() - moved.y);
    }
    const auto row = static_cast<std::size_t>(std::max((y - lane_box(0).y) / lane_box(0).height, 0.0F));
    const auto& order = scene().processes.order();
    if (!ImGui::IsWindowHovered() || row >= order.size()) {
        return;
    }
    const std::size_t lane = order[row];
    const Hit hit = scene().body.hit_at({x, y});
    if (hit.kind == HitKind::subtree) {
        ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
        if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) {
            actions.put(action::ToggleSubtree{hit.process});
        }
        return;
    }
    if (ImGui::IsMouseClicked(ImGuiMouseButton_Left)) {
        actions.put(action::SelectProcess{lane});
        actions.put(action::LeaveRegion{});
    }
    const auto near = event_near(frame, lane, x);
    if (!dragging_ && near) {
        tell(frame, *near);
    }
    if (right_clicked() && near) {
        offer_menu(actions, {.kind = ThingKind::event, .process = lane, .text = sentence_of(frame, *near), .moment = *near});
    } else if (right_clicked()) {
        offer_menu(actions, {.kind = ThingKind::process, .process = lane});
    }
}

std::optional<std::uint32_t> TimelinePanel::event_near(const Frame& frame, std::size_t process, float x) const {
    const ProcessLane& lane = lanes_.lanes()[process];
    const Recording& recording = frame.run.recording();
    std::optional<std::uint32_t> nearest;
    float best = 7;
    for (const auto* moments : {&lane.steps, &lane.traces}) {
        const auto after = std::ranges::lower_bound(
            *moments, static_cast<std::uint32_t>(scene().moment_at(x, view_, recording.last_moment())));
        for (auto at = after == moments->begin() ? after : after - 1; at != moments->end() && at <= after; ++at) {
            const float distance = std::abs(scene().x_of(*at, view_) - x);
            if (distance < best && *at < end_of(frame)) {
                best = distance;
                nearest = *at;
            }
        }
    }
    return nearest;
}

void TimelinePanel::tell(const Frame& frame, std::size_t moment) const {
    const Recording& recording = frame.run.recording();
    draw_tip(frame, std::to_string(moment) + " · " + time_text(recording.events()[moment]) + "\n" +
                        explain({recording, frame.run.world(), moment, frame.words}));
}

void TimelinePanel::draw(const Frame& frame, Actions& actions, const Box& place) {
    follow(frame);
    const PanelScope panel(frame, "timeline", place, frame.words.text("timeline.title"), {});
    if (!frame.lesson) {
        draw_head(frame, actions);
    }
    const Recording& recording = frame.run.recording();
    const float scale = frame.fonts.scale();
    view_.width = (ImGui::GetContentRegionAvail().x - ImGui::GetStyle().ScrollbarSize) / scale;
    view_.moment = frame.moment();
    view_.ends_there = frame.lesson != nullptr;
    view_.live = frame.run.live();
    view_.selected = frame.view.selected;
    view_.choice = frame.view.choice;
    view_.folds = !frame.lesson;
    view_.top = scroll_ / scale;
    view_.bottom = view_.top + place.height / scale;
    (void)scene_.at({frame.revision(), view_},
                    [&] { return layout_timeline(recording, frame.world(), lanes_.lanes(), view_, frame.words, frame.fonts); });

    const ImVec2 ruler_at = ImGui::GetCursorScreenPos();
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(0, 0));
    ImGui::SetCursorScreenPos({ruler_at.x, ruler_at.y + scene().ruler.height * scale});
    ImGui::BeginChild("lanes", {0, 0}, false, ImGui::GetIO().KeyShift ? 0 : ImGuiWindowFlags_NoScrollWithMouse);
    ImGui::PopStyleVar();
    const ImVec2 origin = ImGui::GetCursorScreenPos();
    ImGui::Dummy({view_.width * scale, scene().body.height * scale});
    const ImVec2 mouse = ImGui::GetMousePos();
    const float room = ImGui::GetWindowHeight();
    paint_scene(scene().body, {*ImGui::GetWindowDrawList(),
                               frame.fonts,
                               frame.palette,
                               {origin.x, origin.y},
                               {0, ImGui::GetScrollY() / scale, view_.width, room / scale},
                               {}});
    take_pointer(frame, actions, (mouse.x - origin.x) / scale, (mouse.y - origin.y) / scale);
    const bool asked = shows_.is_new(frame.view.cues.show_selected);
    if (asked && !ImGui::IsWindowHovered()) {
        const std::size_t selected = frame.view.selected;
        const Box lane = lane_box(selected < scene().processes.all() ? scene().processes.lane_of(selected).value_or(0) : 0);
        if (lane.y * scale < ImGui::GetScrollY() || lane.bottom() * scale > ImGui::GetScrollY() + room) {
            // No lane is cut at the top.
            const float before = std::max(0.0F, (lane.y + lane.height / 2) - room / scale / 2) / lane.height;
            ImGui::SetScrollY(std::round(before) * lane.height * scale);
        }
    }
    scroll_ = ImGui::GetScrollY();
    ImGui::EndChild();
    ImDrawList& list = *ImGui::GetWindowDrawList();
    const Hit fold = scene().ruler.hit_at({(mouse.x - ruler_at.x) / scale, (mouse.y - ruler_at.y) / scale});
    if (fold.kind == HitKind::fold && ImGui::IsWindowHovered()) {
        ImGui::SetMouseCursor(ImGuiMouseCursor_Hand);
        draw_tip(frame, frame.words.format("timeline.startup", view_.startup.count()));
        startup_open_ = startup_open_ != ImGui::IsMouseClicked(ImGuiMouseButton_Left);
    }
    paint_scene(scene().ruler,
                {list, frame.fonts, frame.palette, {ruler_at.x, ruler_at.y}, {0, 0, view_.width, scene().ruler.height}, {}});
}

}  // namespace procatlas
