// The newest recordings, a row each.
#pragma once

#include <filesystem>
#include <optional>

#include "app/paint/frame.h"

namespace procatlas {

// The one that was clicked.
[[nodiscard]] std::optional<std::filesystem::path> draw_recent_rows(const Frame& frame, std::size_t most);

}  // namespace procatlas
