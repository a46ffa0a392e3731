// Selects text with Shift and the pointer, wherever it stands: what lies in the rectangle that was drawn,
// within the panel where it was begun. Ctrl C copies it.
#pragma once

#include <string>

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
    [[nodiscard]] bool any() const { return panel_ != nullptr; }

    const ImGuiWindow* panel_ = nullptr;  // where it was begun; null: nothing is selected
    ImVec2 from_;
    ImVec2 to_;
    bool dragging_ = false;
    bool taking_ = false;  // in this draw: dragging, or just let go
    std::string text_;     // what was selected; it stays what it was where the window shows something else by now
    CueWatch copies_;
};

}  // namespace procatlas
