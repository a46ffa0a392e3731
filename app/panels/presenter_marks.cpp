#include "app/panels/presenter_marks.h"

#include <cmath>

#include "app/paint/ui.h"

namespace procatlas {
namespace {

constexpr std::size_t most_points = 20'000;
constexpr float least_step = 2;  // pixels between two points of a stroke

float distance(ImVec2 a, ImVec2 b) {
    return std::hypot(a.x - b.x, a.y - b.y);
}

}  // namespace

void PresenterMarks::draw(const Frame& frame) {
    if (moment_ != frame.event_count() || generation_ != frame.run.generation()) {
        moment_ = frame.event_count();
        generation_ = frame.run.generation();
        strokes_.clear();
        points_ = 0;
        drawing_ = false;
    }
    const ImVec2 at = ImGui::GetIO().MousePos;
    if (ImGui::IsMouseDragging(ImGuiMouseButton_Left) && points_ < most_points) {
        if (!drawing_) {
            strokes_.push_back({ImGui::GetIO().MouseClickedPos[ImGuiMouseButton_Left]});
        }
        drawing_ = true;
        if (distance(strokes_.back().back(), at) >= least_step) {
            strokes_.back().push_back(at);
            ++points_;
        }
    } else {
        drawing_ = false;
    }
    ImDrawList& list = *ImGui::GetForegroundDrawList();
    const ImU32 red = colour_u32(frame.palette.of(Role::warning));
    for (const std::vector<ImVec2>& stroke : strokes_) {
        list.AddPolyline(stroke.data(), static_cast<int>(stroke.size()), red, 0, frame.px(2.5F));
    }
    if (ImGui::IsMousePosValid()) {
        list.AddCircleFilled(at, frame.px(5), red);
    }
}

}  // namespace procatlas
