// Whole files, in and out.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace procatlas {

// The bytes of a regular file of at most `limit` bytes.
[[nodiscard]] Result<std::string> read_whole_file(const std::filesystem::path& file, std::size_t limit);

// Written beside and renamed, so that `file` is always whole: as it was, or as it shall be. Where `file` is there and is no
// regular file (a pipe, /dev/stdout), it is written to instead.
[[nodiscard]] Result<void> write_whole_file(const std::filesystem::path& file, std::string_view bytes);

// All of `bytes`, also to a pipe that takes them piece by piece.
[[nodiscard]] Result<void> write_all(int descriptor, std::string_view bytes);

}  // namespace procatlas
