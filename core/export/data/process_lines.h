// The text of a process in a diagram.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/narrate/moment_context.h"

namespace procatlas {

// "C1 2419", "python3.11 ← family", "at line 28", "orphan": one line each, safe to show, and short enough for a diagram. The
// same as a card of the tree says. `index`: of the process, in World::processes. `names`: of all (family_names).
[[nodiscard]] std::vector<std::string> process_lines(const MomentContext& context, std::size_t index,
                                                     std::span<const std::string> names);

}  // namespace procatlas
