// Files that may be recordings, opened without trust.
#pragma once

#include <sys/stat.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <utility>

#include "core/base/result.h"
#include "core/base/unique_fd.h"
#include "core/store/database.h"
#include "core/store/temporary_folder.h"

namespace procatlas {

// Opens `path` for reading if it is a regular file that this process is not writing. Never waits, as opening a FIFO could, and
// touches no device.
[[nodiscard]] Result<UniqueFd> open_regular_file(const std::filesystem::path& path);

// The same, if the file is empty or begins like a recording.
[[nodiscard]] Result<UniqueFd> open_recording_file(const std::filesystem::path& path);

// How long a recording or figure may take to be read: 8 s, and a second for each 16 MiB of it and of its write-ahead log. What
// we write takes a tenth of that.
[[nodiscard]] std::chrono::seconds patience_for(const std::filesystem::path& path);

// A copy of a recording that nobody else can change. The copy and its write-ahead log, if any, are removed with this object.
class PrivateCopy {
public:
    [[nodiscard]] static Result<PrivateCopy> make(const std::filesystem::path& path);

    [[nodiscard]] std::filesystem::path path() const { return folder_->path() / "recording"; }
    // Bytes of its write-ahead log; 0: it has none.
    [[nodiscard]] std::uint64_t log_size() const;

private:
    void give_to_owner(const struct stat& original) const;
    explicit PrivateCopy(std::shared_ptr<const TemporaryFolder> folder) : folder_(std::move(folder)) {}

    std::shared_ptr<const TemporaryFolder> folder_;
};

// A connection through which a hostile file can do no harm: nothing in the file is executed, and lengths and time are bounded.
// Error: it is not a recording, has another version, or its tables are not exactly ours.
[[nodiscard]] Result<Database> open_untrusted(const std::filesystem::path& path);

// The same of a private copy, where nothing may be changed.
[[nodiscard]] Result<Database> open_private_copy(const std::filesystem::path& path);

// Makes a consistent copy with SQLite's own means, even of a file that is being written.
[[nodiscard]] Result<void> copy_database(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace procatlas
