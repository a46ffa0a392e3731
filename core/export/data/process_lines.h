// What a diagram of processes says of each.
#pragma once

#include <string>
#include <vector>

#include "core/model/world.h"
#include "core/narrate/messages.h"

namespace procatlas {

// "2419", "python3.11 ← family", "SIGSEGV", "orphan": a line each, safe to show, none longer than a diagram bears.
[[nodiscard]] std::vector<std::string> process_lines(const Process& process, const Messages& words);

}  // namespace procatlas
