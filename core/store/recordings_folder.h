// The folder for recordings that are kept without being asked for: $XDG_STATE_HOME/procatlas/recordings (XDG Base Directory
// Specification), else ~/.local/state/procatlas/recordings. The folder is 0700, its files 0600.
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "core/base/result.h"
#include "core/store/recording_info.h"

namespace procatlas {

struct RecentRecording {
    std::filesystem::path path;
    RecordingInfo info;
};

class RecordingsFolder {
public:
    // Error: the environment names no place for it.
    [[nodiscard]] static Result<RecordingsFolder> of_user();
    explicit RecordingsFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}

    [[nodiscard]] const std::filesystem::path& path() const { return folder_; }
    // Returns an unused name for a new recording, made of the time and the title. Makes the folder and removes the oldest
    // recordings beyond `kept`, except those that a procatlas is still writing.
    [[nodiscard]] Result<std::filesystem::path> new_file(const RecordingInfo& info, std::size_t kept = 20) const;
    // The recordings in the folder, newest first. Other files are left out.
    [[nodiscard]] std::vector<RecentRecording> recent() const;

private:
    std::filesystem::path folder_;
};

// Copies a whole recording (0600), even one that is being written. Replaces `to` at the end.
[[nodiscard]] Result<void> copy_recording(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace procatlas
