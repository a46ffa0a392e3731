// The process tree for Graphviz (the DOT language).
#pragma once

#include <string>
#include <string_view>

#include "core/narrate/moment_context.h"

namespace procatlas {

// One box for each process. A process that is gone is dashed, and a zombie is an octagon. An orphan has a double outline and a
// dashed edge from its original parent. The text in the box says the same.
[[nodiscard]] std::string tree_dot(const MomentContext& context);

// `text` for a quoted label: its quotes, escapes and character references lose their meaning.
[[nodiscard]] std::string dot_text(std::string_view text);

}  // namespace procatlas
