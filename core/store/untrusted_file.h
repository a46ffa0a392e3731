// Files that may be recordings, opened without trust.
#pragma once

#include <filesystem>
#include <memory>
#include <utility>

#include "core/base/result.h"
#include "core/base/unique_fd.h"
#include "core/store/database.h"
#include "core/store/temporary_folder.h"

namespace procatlas {

// Opens `path` for reading where it is a regular file that this process does not write; never waits, as opening a FIFO would,
// and touches no device.
[[nodiscard]] Result<UniqueFd> open_regular_file(const std::filesystem::path& path);

// The same, where its first bytes are those of a recording, or it is empty.
[[nodiscard]] Result<UniqueFd> open_recording_file(const std::filesystem::path& path);

// A copy of a recording that nobody else can change, and that is gone with this object: it and its write-ahead log, if any.
class PrivateCopy {
public:
    [[nodiscard]] static Result<PrivateCopy> make(const std::filesystem::path& path);

    [[nodiscard]] std::filesystem::path path() const { return folder_->path() / "recording"; }

private:
    explicit PrivateCopy(std::shared_ptr<const TemporaryFolder> folder) : folder_(std::move(folder)) {}

    std::shared_ptr<const TemporaryFolder> folder_;
};

// A connection that a hostile file can do nothing with: nothing in the file is executed, lengths and time are bounded.
// Error: it is no recording, of another version, or its tables are not exactly ours.
[[nodiscard]] Result<Database> open_untrusted(const std::filesystem::path& path);

// A consistent copy by SQLite's own means, also of a file that is being written.
[[nodiscard]] Result<void> copy_database(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace procatlas
