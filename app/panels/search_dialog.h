// Ctrl K: a field, and what it finds. Arrows choose, Enter goes there.
#pragma once

#include <array>
#include <cstddef>

#include "app/paint/frame.h"

namespace procatlas {

class SearchDialog {
public:
    void draw(const Frame& frame, Actions& actions);

private:
    std::array<char, 256> typed_{};
    std::size_t chosen_ = 0;
    bool was_open_ = false;
};

}  // namespace procatlas
