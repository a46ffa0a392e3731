// A picture for other programs. GLFW's clipboard holds text alone, so this asks xclip, which keeps the picture until another
// program copies something.
#pragma once

#include <string_view>

#include "core/base/result.h"

namespace procatlas {

// Error: there is no xclip, or it did not take the picture.
[[nodiscard]] Result<void> copy_png(std::string_view png);

}  // namespace procatlas
