// What an event keeps of what was read inside a process. Any thread.
#pragma once

#include "core/model/inside.h"

namespace procatlas {

// Keeps only the stack's bytes near the stack pointer: what calls left behind, and what was just pushed. Not the whole stack at
// each event, and not the environment at its upper end.
void keep_bytes_near(Stack& stack, Address stack_pointer);

// Uses the last object for each part that is unchanged: most frames of a deep stack last long.
void share_equal_parts(Inside& inside, const Inside& last);

}  // namespace procatlas
