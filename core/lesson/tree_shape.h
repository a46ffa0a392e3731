// Family trees as text, compared by their shape: "P(C1(C1.1) C2)" is a process with two children, one of which has one. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace procatlas {

// The same text for all trees of the same shape, whatever the names and the order of children: "(()())". nullopt: it is no
// tree, or has more than 200 processes.
[[nodiscard]] std::optional<std::string> tree_shape(std::string_view text);

// The text of the tree of (child, parent) pairs; the root's parent is empty. nullopt: they are no one tree.
[[nodiscard]] std::optional<std::string> tree_text(const std::vector<std::pair<std::string, std::string>>& pairs);

}  // namespace procatlas
