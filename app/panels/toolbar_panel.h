// The buttons above all panels: programs, running, slow motion, holding, appearance.
#pragma once

#include "app/paint/frame.h"

namespace procatlas {

class ToolbarPanel {
public:
    struct Kept {  // state kept between draws
        CueWatch examples;
    };

    // `place` in pixels. Returns its height: buttons that do not fit go into further rows.
    float draw(const Frame& frame, Actions& actions, const Box& place);

private:
    Kept kept_;
};

}  // namespace procatlas
