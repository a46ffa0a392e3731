// Plain text, for a terminal. `recording_text`: a recording's last moment, with the tree, what is inside the living processes,
// the memory of each one in textbook order, and the output by PID; of processes that were there before also what happened. The
// helpers of a launcher are counted, no more. `with_pages`: also the moments at which pages were copied, and the page counts of
// each region.
#pragma once

#include <string>

#include "core/export/data/text_pieces.h"
#include "core/model/recording.h"
#include "core/narrate/messages.h"

namespace procatlas {

// The tree of processes alone: PID, parent, program and fate, a line each, below a line of headings. Without those that are
// gone and have nobody below them who is there.
[[nodiscard]] std::string present_tree_text(const World& world, const Messages& words);

// All that were seen, and what was seen of them, a line each (the last 1000).
[[nodiscard]] std::string watched_text(const Recording& recording, const Messages& words);

[[nodiscard]] std::string recording_text(const Recording& recording, const Messages& words, bool with_pages = false);
// The same in pieces, for a recording whose text need not be in memory as a whole.
void give_recording_text(const Recording& recording, const Messages& words, bool with_pages, const TakeText& take);

}  // namespace procatlas
