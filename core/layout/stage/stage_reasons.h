// Why the stage shows no frame or no next line where they would lie, in as few words as fit there. Pure.
#pragma once

#include <optional>

#include "core/layout/stage/stage_rows.h"

namespace procatlas {

// For the stack of a thread that was never looked into. Says where SP is, if the thread has not gone on since that was read.
[[nodiscard]] StageCard stage_no_frames(const StageLook& look, const ThreadState& thread);

// For code of which no next line is shown. Says where PC is, if it lies in `code` and the thread has not gone on since.
[[nodiscard]] StageCard stage_no_line(const StageLook& look, const StageArea& code);

// For a stack in which nothing is shown, because its thread's SP is in other memory.
[[nodiscard]] StageCard stage_elsewhere(const StageLook& look);

// For a stack in which nothing is shown, because the frames that are known are Python's.
[[nodiscard]] StageCard stage_of_interpreter(const StageLook& look);

}  // namespace procatlas
