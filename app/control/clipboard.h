// Copies a picture to the clipboard. GLFW's clipboard only takes text, so this runs xclip, which keeps the picture until
// another program copies something.
#pragma once

#include <string_view>

#include "core/base/result.h"

namespace procatlas {

// Error: xclip is missing, or failed.
[[nodiscard]] Result<void> copy_png(std::string_view png);

}  // namespace procatlas
