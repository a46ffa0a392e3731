// Says in sentences what is unknown about the inside of a process, and why.
#pragma once

#include <string>
#include <vector>

#include "core/model/recording.h"
#include "core/narrate/messages.h"

namespace procatlas {

// Says at which grains the process cannot be held and why, and whether what is known is of an earlier moment. Empty if nothing
// is missing, or if nobody asked for it.
[[nodiscard]] std::vector<std::string> missing_grains(const Process& process, const Messages& words);
// Says why nothing inside the process can be shown; what would have shown it, if the recording was made too coarsely. It does
// not tell anybody to choose: of a recording that was opened nothing finer can be had.
[[nodiscard]] std::vector<std::string> nothing_inside(const Recording& recording, const Process& process,
                                                      const Messages& words);

}  // namespace procatlas
