// Shows which process printed what, with addresses as links. Below it, the field for the program's input.
#pragma once

#include <array>
#include <cstddef>
#include <vector>

#include "app/paint/frame.h"

namespace procatlas {

class OutputPanel {
public:
    void draw(const Frame& frame, Actions& actions, const Box& place);

private:
    struct Row {  // one row of a wrapped line: bytes [first, last)
        std::size_t line = 0;
        std::size_t first = 0;
        std::size_t last = 0;
    };
    void wrap(const OutputLog& log, std::size_t characters, std::size_t generation);
    void draw_rows(const Frame& frame, Actions& actions);
    void draw_input(const Frame& frame, Actions& actions);

    std::vector<Row> rows_;
    std::size_t wrapped_ = 0;     // lines wrapped so far
    std::size_t characters_ = 0;  // per row
    std::size_t rewrites_ = 0;
    std::size_t generation_ = 0;
    CueWatch focuses_;
    bool keeps_focus_ = false;  // the user has just sent a line
    std::array<char, 1024> typed_{};
};

}  // namespace procatlas
