// Recording -> Scene: the moments that tell a recording's story, one below the other, each with its sentence and the stage as
// it was then. What layout_storyboard.h shows at one scale side by side is here in the words and places of the textbook. Pure.
#pragma once

#include <span>

#include "core/layout/storyboard/layout_storyboard.h"

namespace procatlas {

struct StoryView {
    float width = 640;
    float height = 480;  // of one step
};

// Leaves out steps without processes. A step shows as many columns as fit beside each other.
[[nodiscard]] StoryboardScene layout_story(const Recording& recording, std::span<const StoryStep> story, const StoryView& view,
                                           const Messages& words, const TextMeasure& measure);

}  // namespace procatlas
