// The storyboard: the moments that tell the run's story so far, side by side at one scale.
#pragma once

#include <array>
#include <cstddef>
#include <tuple>

#include "app/paint/frame.h"
#include "core/base/memo.h"
#include "core/layout/storyboard/layout_story.h"

namespace procatlas {

class StoryboardPanel {
public:
    void draw(const Frame& frame, Actions& actions, const Box& place);

private:
    // The story is of the whole recording, whatever moment is shown.
    using Key = std::tuple<std::array<std::size_t, 4>, std::size_t, float, float>;

    Memo<Key, StoryboardScene> board_;
};

}  // namespace procatlas
