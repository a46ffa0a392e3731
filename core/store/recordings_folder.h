// Where recordings go by themselves: $XDG_STATE_HOME/procatlas/recordings (XDG Base Directory Specification), else
// ~/.local/state/procatlas/recordings. The folder is 0700, its files 0600.
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
    // Error: there is no place for it in the environment.
    [[nodiscard]] static Result<RecordingsFolder> of_user();
    explicit RecordingsFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}

    [[nodiscard]] const std::filesystem::path& path() const { return folder_; }
    // A free name for a new recording, by the time and the title; makes the folder and removes the oldest recordings beyond
    // `kept`, but none that any procatlas still writes.
    [[nodiscard]] Result<std::filesystem::path> new_file(const RecordingInfo& info, std::size_t kept = 20) const;
    // What is there, newest first; files that are no recordings are left out.
    [[nodiscard]] std::vector<RecentRecording> recent() const;

private:
    std::filesystem::path folder_;
};

// A whole file, 0600, also of one that is being written; what was at `to` is replaced at the end.
[[nodiscard]] Result<void> copy_recording(const std::filesystem::path& from, const std::filesystem::path& to);

// Takes the raw memory out of a copy: what is given away with a figure holds none, also not in pages that are free now.
[[nodiscard]] Result<void> leave_memory_bytes_out(const std::filesystem::path& copy);

}  // namespace procatlas
