// A recording as JSON, in the format that README.md documents.
#pragma once

#include <string>

#include "core/model/recording.h"

namespace procatlas {

// One indented object with a final newline. Replaces bytes that are not UTF-8 by U+FFFD. `with_pages`: includes the pages of
// each region, if they were read, and which pages were copied.
[[nodiscard]] std::string recording_json(const Recording& recording, bool with_pages = false);

}  // namespace procatlas
