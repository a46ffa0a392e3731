// The moment of a recording that says most, for a picture of which nobody named the moment: at the end all memory is gone.
#pragma once

#include <cstddef>

#include "core/model/recording.h"

namespace procatlas {

// Most processes of the program alive; of these moments those with most threads; of these one with the deepest stack that was
// read; of these the last. Without any event: 0.
[[nodiscard]] std::size_t telling_moment(const Recording& recording);

}  // namespace procatlas
