// The buttons above all panels: programs, the run, slow motion, what to hold at, the window's looks.
#pragma once

#include "app/paint/frame.h"

namespace procatlas {

class ToolbarPanel {
public:
    struct Kept {  // between draws
        CueWatch examples;
    };

    // `place` in pixels. Returns its height: its buttons go on in a second row where they do not fit.
    float draw(const Frame& frame, Actions& actions, const Box& place);

private:
    Kept kept_;
};

}  // namespace procatlas
