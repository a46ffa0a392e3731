// The process tree for Graphviz (the DOT language).
#pragma once

#include <string>
#include <string_view>

#include "core/model/world.h"
#include "core/narrate/messages.h"

namespace procatlas {

// One box for each process. A process that is gone is dashed, and a zombie is an octagon. An orphan has a double outline and a
// dashed edge from its original parent. The text in the box says the same.
[[nodiscard]] std::string tree_dot(const World& world, const Messages& words);

// `text` for a quoted label: its quotes, escapes and character references lose their meaning.
[[nodiscard]] std::string dot_text(std::string_view text);

}  // namespace procatlas
