// The file that a process has mapped. Its map names it as the process sees it: in a container the same path, and even the same
// inode of another device, is another file.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>

#include "core/base/result.h"
#include "core/base/unique_fd.h"

namespace procatlas {

// As maps files name a file. stat(2) may report another device (overlay and some other file systems).
struct FileIdentity {
    std::uint32_t device_major = 0;
    std::uint32_t device_minor = 0;
    std::uint64_t inode = 0;

    bool operator==(const FileIdentity&) const = default;
};

// What our own map calls the open file while it is mapped.
[[nodiscard]] Result<FileIdentity> identity_in_maps(int file);

// Opens the file at `path` as process `pid` sees it, or as we do where the process has ended (or is 0), if it is the one with
// this identity. Only procatlas-reader may call it: a file system may not answer.
[[nodiscard]] Result<UniqueFd> open_mapped_file(pid_t pid, const std::string& path, const FileIdentity& identity);

}  // namespace procatlas
