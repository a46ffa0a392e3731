// Recording -> Scene: the moments that tell a recording's story, one below the other, each with its sentence and the stage as
// it was then. What layout_storyboard.h shows at one scale side by side is here in the words and places of the textbook. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "core/layout/storyboard/layout_storyboard.h"

namespace procatlas {

struct StoryView {
    float width = 640;
    float height = 480;  // of one step
    float margin = 0;    // left of the steps: room for the mark of one
};

// Leaves out steps without processes. A step shows as many columns as fit beside each other.
[[nodiscard]] StoryboardScene layout_story(const Recording& recording, std::span<const StoryStep> story, const StoryView& view,
                                           const Messages& words, const TextMeasure& measure);

// The step that a moment belongs to: the last one that begins at it or before it, else the first. nullopt: there is none.
[[nodiscard]] std::optional<std::size_t> story_step_at(const StoryboardScene& board, std::size_t moment);

// Marks the step as the one that is looked at, in the margin and in its heading.
void mark_story_step(StoryboardScene& board, std::size_t step, const Messages& words, const TextMeasure& measure);

}  // namespace procatlas
