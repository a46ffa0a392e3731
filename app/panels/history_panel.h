// The newest events, one sentence each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

#include "app/paint/frame.h"

namespace procatlas {

class HistoryPanel {
public:
    void draw(const Frame& frame, Actions& actions, const Box& place);

private:
    struct Row {
        std::int32_t pid = 0;
        std::size_t process = 0;
        std::size_t moment = 0;
        bool known = false;  // `process` is valid
        std::string time;
        std::string sentence;
    };
    void follow(const Frame& frame);

    std::deque<Row> rows_;   // the newest events
    std::size_t taken_ = 0;  // events
    std::size_t counted_ = 0;
    std::size_t news_ = 0;  // of those counted
    std::size_t generation_ = 0;
    std::size_t images_ = 0;
    bool korean_ = false;
};

}  // namespace procatlas
