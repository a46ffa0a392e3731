// The newest recordings, one per row.
#pragma once

#include <filesystem>
#include <optional>

#include "app/paint/frame.h"

namespace procatlas {

// Returns the recording that was clicked.
[[nodiscard]] std::optional<std::filesystem::path> draw_recent_rows(const Frame& frame, std::size_t most);

}  // namespace procatlas
