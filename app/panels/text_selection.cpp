#include "app/panels/text_selection.h"

#include <algorithm>
#include <cfloat>
#include <vector>

#include "app/paint/ui.h"

namespace procatlas {
namespace {

constexpr int left_button = ImGuiMouseButton_Left;

// The button's click, drag and release are ours.
void take_button() {
    ImGuiIO& io = ImGui::GetIO();
    io.MouseClicked[left_button] = false;
    io.MouseDoubleClicked[left_button] = false;
    io.MouseReleased[left_button] = false;
    io.MouseDragMaxDistanceSqr[left_button] = 0;
    if (io.MouseDownDuration[left_button] == 0) {
        io.MouseDownDuration[left_button] = FLT_MIN;  // at 0 ImGui takes it for a click
    }
}

// The rectangle with these corners, as far as the panel reaches.
Box within_panel(const ImVec2& from, const ImVec2& to, const ImGuiWindow& panel) {
    const float left = std::max(std::min(from.x, to.x), panel.Pos.x);
    const float top = std::max(std::min(from.y, to.y), panel.Pos.y);
    const float right = std::min(std::max(from.x, to.x), panel.Pos.x + panel.Size.x);
    const float bottom = std::min(std::max(from.y, to.y), panel.Pos.y + panel.Size.y);
    return {left, top, std::max(right - left, 0.0F), std::max(bottom - top, 0.0F)};
}

}  // namespace

void TextSelection::begin_draw(const Frame& frame) {
    const ImGuiIO& io = ImGui::GetIO();
    const bool clicked = io.MouseClicked[left_button];
    const bool pen = frame.view.presents && frame.run.started();
    if (clicked && io.KeyShift && !io.WantTextInput && !pen) {
        const ImGuiWindow* const hovered = ImGui::GetCurrentContext()->HoveredWindow;
        panel_ = hovered != nullptr ? panel_of(*hovered) : nullptr;
        dragging_ = any();
        text_.clear();
        from_ = to_ = io.MousePos;
    } else if (clicked && !dragging_) {
        panel_ = nullptr;
    }
    taking_ = dragging_;
    if (dragging_) {
        to_ = io.MousePos;
        take_button();
        dragging_ = io.MouseDown[left_button];
    }
    frame.fonts.drawn().begin_draw(any());
}

void TextSelection::draw(const Frame& frame, Actions& actions) {
    const bool copies = copies_.is_new(frame.view.cues.copy_text);
    if (!any()) {
        if (copies && !(frame.view.presents && frame.run.started())) {
            actions.put(action::TextCopied{});
        }
        return;
    }
    const Box chosen = within_panel(from_, to_, *panel_);
    const ChosenText text = choose_text(frame.fonts.drawn().all(), chosen, panel_);
    if (taking_) {
        text_ = text.text;
    }
    ImDrawList& list = *ImGui::GetForegroundDrawList();
    const ImU32 marked = ImGui::GetColorU32(ImGuiCol_TextSelectedBg);
    for (const Box& mark : text.text == text_ ? text.marks : std::vector<Box>()) {
        list.AddRectFilled({mark.x, mark.y}, {mark.right(), mark.bottom()}, marked);
    }
    if (dragging_) {
        list.AddRect({chosen.x, chosen.y}, {chosen.right(), chosen.bottom()}, colour_u32(frame.palette.of(Role::accent)));
    }
    if (copies) {
        if (!text_.empty()) {
            ImGui::SetClipboardText(text_.c_str());
        }
        actions.put(action::TextCopied{text_});
    }
}

}  // namespace procatlas
