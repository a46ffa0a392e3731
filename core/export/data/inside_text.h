// What is inside the living processes at a moment, as plain text: the frames of their stacks, with the line that each one is at
// and its variables, and the global ones.
#pragma once

#include <string>

#include "core/model/recording.h"
#include "core/model/world.h"
#include "core/narrate/messages.h"

namespace procatlas {

// Empty: no process was looked into.
[[nodiscard]] std::string inside_text(const Recording& recording, const World& world, const Messages& words);

}  // namespace procatlas
