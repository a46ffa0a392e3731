// A recording's last moment as plain text: the tree, what is inside the living processes, the memory of each
// one in textbook order, and the output by PID. The helpers of a launcher are counted, no more.
// `with_pages`: also the moments at which pages were copied, and the page counts of each region.
#pragma once

#include <string>

#include "core/model/recording.h"
#include "core/narrate/messages.h"

namespace procatlas {

[[nodiscard]] std::string recording_text(const Recording& recording, const Messages& words, bool with_pages = false);

}  // namespace procatlas
