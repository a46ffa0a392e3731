// A recording as JSON: the contract that README.md documents and tests check.
#pragma once

#include <string>

#include "core/model/recording.h"

namespace procatlas {

// One object, indented, with a final newline. Texts that are not UTF-8 have U+FFFD in their place.
// `with_pages`: the pages of each region and what was copied, where they were read.
[[nodiscard]] std::string recording_json(const Recording& recording, bool with_pages = false);

}  // namespace procatlas
