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

// For a stack in which nothing is shown, because the frames that are known are Python's: CPython keeps them in memory of its
// own (in chunks that it maps for them, before 3.11 as objects), and what lies on the stack are the frames of its C code. Says
// where SP is, if it is known of the thread that has this stack. `thread`: nullptr: none has.
[[nodiscard]] StageCard stage_of_interpreter(const StageLook& look, const ThreadState* thread);

}  // namespace procatlas
