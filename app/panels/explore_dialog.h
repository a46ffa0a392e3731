// The outcomes of the program's exploration, with their shares; a press opens a run that shows one. Two of them stand beside
// one another, up to where they part.
#pragma once

#include <cstddef>

#include "app/paint/frame.h"

namespace procatlas {

class ExploreDialog {
public:
    void draw(const Frame& frame, Actions& actions);

private:
    void draw_found(const Frame& frame, Actions& actions, const Explored& explored);
    void draw_beside(const Frame& frame, Actions& actions, const Explored& explored) const;
    void put_beside(std::size_t outcome);

    bool was_open_ = false;
    std::size_t first_ = 0;  // the outcomes that stand beside one another
    std::size_t second_ = 1;
};

}  // namespace procatlas
