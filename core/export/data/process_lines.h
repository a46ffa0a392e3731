// The text of a process in a diagram.
#pragma once

#include <string>
#include <vector>

#include "core/model/world.h"
#include "core/narrate/messages.h"

namespace procatlas {

// "2419", "python3.11 ← family", "SIGSEGV", "orphan": one line each, safe to show, and short enough for a diagram.
[[nodiscard]] std::vector<std::string> process_lines(const Process& process, const Messages& words);

}  // namespace procatlas
