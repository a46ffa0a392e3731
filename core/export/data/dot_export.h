// The process tree for Graphviz (the DOT language).
#pragma once

#include <string>
#include <string_view>

#include "core/model/world.h"
#include "core/narrate/messages.h"

namespace procatlas {

// A box for each process. Those that are gone are dashed, a zombie is an octagon, an orphan has a double outline and a dashed
// edge from the parent that it had; words in the box say the same.
[[nodiscard]] std::string tree_dot(const World& world, const Messages& words);

// `text` inside a quoted label: neither quotes, escapes nor character references in it mean anything.
[[nodiscard]] std::string dot_text(std::string_view text);

}  // namespace procatlas
