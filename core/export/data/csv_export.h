// Memory maps as comma-separated values (RFC 4180), for a spreadsheet or a script.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "core/model/image.h"
#include "core/model/world.h"

namespace procatlas {

// A heading and a row for each region of `processes` (indices in World::processes), ascending: pid, ppid, program, kind, part,
// start, end, size (bytes), permissions, file. Texts are made safe to show; a process whose map was never read has no rows.
[[nodiscard]] std::string memory_csv(const World& world, std::span<const std::size_t> processes,
                                     std::span<const ElfImage> images);

// `text` as one field: quoted where it must be. Behind an apostrophe where a spreadsheet would take it for a formula and
// compute it ("=1+1", "---p").
[[nodiscard]] std::string csv_field(std::string_view text);

}  // namespace procatlas
