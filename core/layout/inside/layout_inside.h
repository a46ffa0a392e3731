// What was found inside one process -> Scene: stack and globals on the left, heap on the right. Arrows lead from variables to
// the chunks that they point to. Pure.
#pragma once

#include "core/layout/layout_context.h"
#include "core/model/recording.h"
#include "core/narrate/messages.h"
#include "core/scene/scene.h"

namespace procatlas {

enum class InsideParts : std::uint8_t { all, stack, heap };

struct InsideView {
    InsideParts parts = InsideParts::all;
    float width = 940;             // available, in the scene's units
    std::size_t most_frames = 12;  // the others are folded
    bool bytes = true;             // raw bytes of the stack
    bool interpreter = false;      // the C frames below those of a Python program are shown
};

// Shows the process at `moment` and marks what changed since its previous moment. `world` is the world at `moment`. If the
// process was not inspected, says what is missing.
[[nodiscard]] Scene layout_inside(const LayoutContext& context, std::size_t process, const InsideView& view);

}  // namespace procatlas
