// The process tree for Mermaid, as Markdown pages draw it.
#pragma once

#include <string>
#include <string_view>

#include "core/model/world.h"
#include "core/narrate/messages.h"

namespace procatlas {

// A flowchart: a box for each process. Those that are gone are dashed, a zombie is a hexagon, an orphan has round ends and a
// dotted edge from the parent that it had; words in the box say the same. Mermaid draws 500 edges, if not told otherwise.
[[nodiscard]] std::string tree_mermaid(const World& world, const Messages& words);

// `text` inside a quoted label: all of ASCII but letters, digits and spaces as entity codes of Mermaid's ("#60;").
[[nodiscard]] std::string mermaid_text(std::string_view text);

}  // namespace procatlas
