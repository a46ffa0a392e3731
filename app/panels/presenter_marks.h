// The laser pointer and the pen of a presentation. Strokes go with the next step.
#pragma once

#include <cstddef>
#include <vector>

#include "app/paint/frame.h"
#include "app/paint/imgui_compat.h"

namespace procatlas {

class PresenterMarks {
public:
    // Over all panels: draws the pointer as a disc; while its left button is down and it moves, it draws.
    void draw(const Frame& frame);

private:
    std::vector<std::vector<ImVec2>> strokes_;
    std::size_t points_ = 0;
    std::size_t moment_ = 0;
    std::size_t generation_ = 0;
    bool drawing_ = false;
};

}  // namespace procatlas
