// Reads the segments, sections and entry point of an ELF file, which explain the memory map of a process that runs it (elf(5)).
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/unique_fd.h"
#include "core/model/image.h"

namespace procatlas {

// Opens a regular file. Anything else is an error, and is not touched.
[[nodiscard]] Result<UniqueFd> open_regular_file(const std::string& path);

// Reads the regular file at `path`. A file system may block it for any time, so only procatlas-reader may call it on the file
// of a traced process. Returns sections (those with SHF_ALLOC that take up addresses) and segments in ascending order. Errors:
// not a regular file, not ELF, no access, more headers than any program has.
[[nodiscard]] Result<ElfImage> read_elf_image(const std::string& path);
// The same of an open file. `path` is what it is called.
[[nodiscard]] Result<ElfImage> read_elf_image(int file, const std::string& path);

// Reads the same from bytes in memory; leaves path, device and inode empty.
[[nodiscard]] Result<ElfImage> parse_elf_image(std::string_view bytes);

}  // namespace procatlas
