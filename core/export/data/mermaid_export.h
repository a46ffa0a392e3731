// The process tree for Mermaid, which Markdown pages can contain.
#pragma once

#include <string>
#include <string_view>

#include "core/narrate/moment_context.h"

namespace procatlas {

// A flowchart with one box for each process. A process that is gone is dashed, and a zombie is a hexagon. An orphan has round
// ends and a dotted edge from its original parent. The text in the box says the same. By default, Mermaid draws at most 500
// edges.
[[nodiscard]] std::string tree_mermaid(const MomentContext& context);

// `text` for a quoted label: all of ASCII except letters, digits and spaces becomes Mermaid's entity codes ("#60;").
[[nodiscard]] std::string mermaid_text(std::string_view text);

}  // namespace procatlas
