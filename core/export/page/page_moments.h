// Orders the moments of a recording by their importance for an HTML page. Pure.
#pragma once

#include <cstddef>
#include <vector>

#include "core/model/recording.h"

namespace procatlas {

// All moments, most important first: the first, the last and `opens`, then lifecycle events, then outputs, then the rest
// (mostly memory calls). Each group is ordered from coarse to fine, so that when the page is full, the omitted moments are
// spread evenly.
[[nodiscard]] std::vector<std::size_t> moments_by_weight(const Recording& recording, std::size_t opens);

}  // namespace procatlas
