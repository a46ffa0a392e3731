// What an ELF file says about the memory map of a process that runs it: segments, sections, entry (elf(5)).
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/unique_fd.h"
#include "core/model/image.h"

namespace procatlas {

// Opens what must be a regular file; whatever else is there is left untouched, and is an error.
[[nodiscard]] Result<UniqueFd> open_regular_file(const std::string& path);

// Reads the regular file at `path`. Blocks as long as its file system does: only procatlas-reader may call it on the file of a
// traced process. Sections (those with SHF_ALLOC that take up addresses) and segments come in ascending order.
// Errors: not a regular file, not ELF, no access, more headers than any program has.
[[nodiscard]] Result<ElfImage> read_elf_image(const std::string& path);

// The same from bytes in memory; path, device and inode stay empty.
[[nodiscard]] Result<ElfImage> parse_elf_image(std::string_view bytes);

}  // namespace procatlas
