// A recording's last moment as plain text: the tree, the memory of each process in textbook order, and the output by PID.
// `with_pages`: also the moments at which pages were copied, and the page counts of each region.
#pragma once

#include <string>

#include "core/model/recording.h"
#include "core/narrate/messages.h"

namespace procatlas {

[[nodiscard]] std::string recording_text(const Recording& recording, const Messages& words, bool with_pages = false);

}  // namespace procatlas
