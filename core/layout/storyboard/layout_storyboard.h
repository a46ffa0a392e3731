// Recording -> Scene: several moments in a row. Each shows its number, what happened, and the memory of the processes involved,
// all at the same virtual addresses. Pure.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "core/layout/storyboard/storyboard.h"
#include "core/model/recording.h"
#include "core/narrate/messages.h"
#include "core/scene/scene.h"

namespace procatlas {

struct StoryboardView {
    float width = 0;           // to be filled by wider columns; 0: as wide as it needs
    float column_width = 170;  // of each memory column; wider if the texts need it
    float height = 520;        // of the columns; higher if the blocks do not fit
};

struct StoryPlace {  // of one step
    Box box;
    std::size_t moment = 0;
};

struct StoryboardScene {
    Scene scene;
    std::vector<StoryPlace> steps;
    bool left_out = false;  // some block has no room for its size: wider columns would show it
};

// Leaves out steps without processes.
[[nodiscard]] StoryboardScene layout_storyboard(const Recording& recording, std::span<const StoryStep> story,
                                                const StoryboardView& view, const Messages& words, const TextMeasure& measure);

}  // namespace procatlas
