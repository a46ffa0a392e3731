// Who printed what, with the addresses in it as links; below, what is typed into the program.
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
    struct Row {  // of a line that was wrapped: bytes [first, last)
        std::size_t line = 0;
        std::size_t first = 0;
        std::size_t last = 0;
    };
    void wrap(const OutputLog& log, std::size_t characters, std::size_t generation);
    void draw_rows(const Frame& frame, Actions& actions);
    void draw_input(const Frame& frame, Actions& actions);

    std::vector<Row> rows_;
    std::size_t wrapped_ = 0;     // lines
    std::size_t characters_ = 0;  // in a row
    std::size_t rewrites_ = 0;
    std::size_t generation_ = 0;
    CueWatch focuses_;
    bool keeps_focus_ = false;  // a line was sent just now
    std::array<char, 1024> typed_{};
};

}  // namespace procatlas
