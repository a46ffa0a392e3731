// Reads and writes whole files.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace procatlas {

// The bytes of a regular file of at most `limit` bytes.
[[nodiscard]] Result<std::string> read_whole_file(const std::filesystem::path& file, std::size_t limit);

// Writes a temporary file and renames it, so that readers of `file` see either the old contents or the new ones; who may read
// those stays as it was. If `file`
// exists and is not a regular file (a pipe, /dev/stdout), writes into it instead.
[[nodiscard]] Result<void> write_whole_file(const std::filesystem::path& file, std::string_view bytes);

// Writes all of `bytes`, also to a pipe that takes them piece by piece.
[[nodiscard]] Result<void> write_all(int descriptor, std::string_view bytes);

}  // namespace procatlas
