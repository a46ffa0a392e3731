// Recording -> Scene: several moments in a row, each with its number, what happened, and the memory of who took part, all at
// the same virtual addresses. Pure.
#pragma once

#include <span>

#include "core/layout/storyboard/storyboard.h"
#include "core/model/recording.h"
#include "core/narrate/messages.h"
#include "core/scene/scene.h"

namespace procatlas {

struct StoryboardView {
    float column_width = 170;  // of each memory column; wider where the words need it
    float height = 520;        // of the columns; higher where the blocks do not fit
};

struct StoryboardScene {
    Scene scene;
    bool left_out = false;  // the size of a block had no room: wider columns would show it
};

// Steps without a process are left out.
[[nodiscard]] StoryboardScene layout_storyboard(const Recording& recording, std::span<const StoryStep> story,
                                                const StoryboardView& view, const Messages& words, const TextMeasure& measure);

}  // namespace procatlas
