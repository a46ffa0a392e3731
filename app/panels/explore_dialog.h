// The outcomes of the program's exploration, with their shares; a press opens a run that shows one.
#pragma once

#include "app/paint/frame.h"

namespace procatlas {

class ExploreDialog {
public:
    void draw(const Frame& frame, Actions& actions);

private:
    bool was_open_ = false;
};

}  // namespace procatlas
