// What was found inside one process -> Scene: its stack and globals at the left, the heap at the right, arrows from variables
// to the blocks that they lead to. Pure.
#pragma once

#include "core/layout/layout_context.h"
#include "core/model/recording.h"
#include "core/narrate/messages.h"
#include "core/scene/scene.h"

namespace procatlas {

enum class InsideParts : std::uint8_t { all, stack, heap };

struct InsideView {
    InsideParts parts = InsideParts::all;
    float width = 940;             // of the room at hand
    std::size_t most_frames = 12;  // more are folded
};

// As it was at `moment`, with what changed since the process's moment before. `world` is that of the moment. Says what is
// missing where nobody looked inside.
[[nodiscard]] Scene layout_inside(const LayoutContext& context, std::size_t process, const InsideView& view);

}  // namespace procatlas
