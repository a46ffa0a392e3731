// The storyboard: the moments that tell the run's story so far, side by side at one scale.
#pragma once

#include <array>
#include <cstddef>
#include <tuple>
#include <vector>

#include "app/paint/frame.h"
#include "core/base/memo.h"
#include "core/layout/storyboard/layout_story.h"

namespace procatlas {

class StoryboardPanel {
public:
    void draw(const Frame& frame, Actions& actions, const Box& place);

private:
    // The story is of the whole recording, whatever moment is shown.
    using StoryKey = std::array<std::size_t, 2>;
    using BoardKey = std::tuple<std::array<std::size_t, 3>, std::vector<StoryStep>, float, float>;
    using MarkedKey = std::array<std::size_t, 2>;

    Memo<StoryKey, std::vector<StoryStep>> story_;
    Memo<BoardKey, StoryboardScene> board_;
    Memo<MarkedKey, StoryboardScene> marked_;
    std::size_t brought_ = 0;  // the board and step that were last brought into view
    int last_draw_ = 0;        // in draws of the window
    int settling_ = 0;         // so many more draws until the place of the step is known to scroll to
};

}  // namespace procatlas
