// Selects text with Shift and the pointer, wherever it stands: what lies in the rectangle that was drawn. Ctrl C copies it.
#pragma once

#include <optional>

#include "app/paint/frame.h"
#include "app/paint/imgui_compat.h"

namespace procatlas {

class TextSelection {
public:
    // Before anything is drawn: takes the pointer's button for itself where Shift is held, so that panels do not act on it.
    void begin_draw(const Frame& frame);
    // After everything is drawn: marks what is selected, and copies it where that was asked for.
    void draw(const Frame& frame, Actions& actions);

private:
    [[nodiscard]] bool any() const { return window_ != nullptr; }

    const ImGuiWindow* window_ = nullptr;  // where it was begun; null: nothing is selected
    ImVec2 from_;
    ImVec2 to_;
    bool dragging_ = false;
    CueWatch copies_;
};

}  // namespace procatlas
