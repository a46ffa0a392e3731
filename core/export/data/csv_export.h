// Memory maps as comma-separated values (RFC 4180), for a spreadsheet or a script.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "core/model/image.h"
#include "core/model/world.h"

namespace procatlas {

// A header and one row for each region of `processes` (indices in World::processes), ascending: pid, ppid, program, kind, part,
// start, end, size (bytes), permissions, file. Texts are safe to show. A process whose map was never read has no rows.
[[nodiscard]] std::string memory_csv(const World& world, std::span<const std::size_t> processes,
                                     std::span<const ElfImage> images);

// `text` as one field, quoted if necessary. Puts an apostrophe before a text that a spreadsheet would compute as a formula
// ("=1+1", "---p").
[[nodiscard]] std::string csv_field(std::string_view text);

}  // namespace procatlas
