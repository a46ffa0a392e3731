// The choice of which processes tree, timeline and columns show: a button in the tree's title, and what it opens.
#pragma once

#include <array>

#include "app/paint/frame.h"

namespace procatlas {

class ProcessFilter {
public:
    // At the end of the title's row, in front of its hint.
    void draw(const Frame& frame, Actions& actions);
    // Of the button, in logical pixels.
    [[nodiscard]] static float width(const Frame& frame);

private:
    void draw_choice(const Frame& frame, Actions& actions);
    void draw_states(const Frame& frame, Actions& actions) const;

    std::array<char, 128> program_{};
    CueWatch asked_;
};

}  // namespace procatlas
