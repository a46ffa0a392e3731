// Which moments of a recording go into an HTML page first. Pure.
#pragma once

#include <cstddef>
#include <vector>

#include "core/model/recording.h"

namespace procatlas {

// All moments, those that matter most first: the first, the last and `opens`, then what happens in the lives of processes, then
// outputs, then all else (memory calls above all). Each of these coarse to fine, so that where the page is full those left out
// are spread over the whole.
[[nodiscard]] std::vector<std::size_t> moments_by_weight(const Recording& recording, std::size_t opens);

}  // namespace procatlas
