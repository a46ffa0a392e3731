// The frames of a thread as cards of the stage, and the line that its process runs next. Pure.
#pragma once

#include <optional>
#include <vector>

#include "core/layout/stage/stage_rows.h"

namespace procatlas {

// From the outermost on; those of the program's own code. Many are folded to one card. `thread` is one of `look.process` and
// has a stack. Empty: it is not in the program's own code.
[[nodiscard]] std::vector<StageCard> stage_frames(const StageLook& look, const ThreadState& thread);

// nullopt: it is not known, or the code is Python's, which is in no area of code.
[[nodiscard]] std::optional<StageCard> stage_next_line(const StageLook& look);

}  // namespace procatlas
