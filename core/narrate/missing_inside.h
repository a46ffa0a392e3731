// What of the inside of a process is not available, and why, in sentences.
#pragma once

#include <string>
#include <vector>

#include "core/model/world.h"
#include "core/narrate/messages.h"

namespace procatlas {

// Which grains its program cannot be held at, and why, and that what is known is of an earlier moment, in sentences; empty: all
// is there, or nobody asked for it.
[[nodiscard]] std::vector<std::string> missing_grains(const Process& process, const Messages& words);
// Why nothing of its inside can be shown.
[[nodiscard]] std::vector<std::string> nothing_inside(const Process& process, const Messages& words);

}  // namespace procatlas
