// Where a compiled program is put.
#pragma once

#include <filesystem>

#include "core/base/result.h"

namespace procatlas {

// The file for the program of `source`, an absolute path: the same one each time, in a folder of its own (0700), so that it
// bears the source's name. Makes the folder, and removes the programs that were used longest ago beyond `kept`.
[[nodiscard]] Result<std::filesystem::path> place_of_compiled(const std::filesystem::path& folder,
                                                              const std::filesystem::path& source, std::size_t kept = 50);

}  // namespace procatlas
