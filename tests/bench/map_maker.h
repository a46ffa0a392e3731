// Mappings to measure with.
#pragma once

#include <cstddef>

namespace procatlas {

// Adds mappings to this process until it has about `count`: file-backed and anonymous ones in turn, which the kernel cannot
// merge. False where the kernel allows no more.
[[nodiscard]] bool make_mappings(std::size_t count);

}  // namespace procatlas
