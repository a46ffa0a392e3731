// Keeps a growing recording in a file, and adds an event to the recording when the file falls behind. The window and `procatlas
// trace` share it. One thread only.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/model/recording.h"
#include "core/store/recording_writer.h"

namespace procatlas {

class RecordingKeeper {
public:
    // Creates a file for a recording that begins now. Error: the file cannot be created, and nothing is kept.
    [[nodiscard]] Result<void> begin(const std::filesystem::path& file, std::string title,
                                     const std::optional<HowFollowed>& how);
    // Does the same in the user's folder, under a name of its own; keeps the last 20 recordings there.
    [[nodiscard]] Result<void> begin_in_users_folder(std::string title, const std::optional<HowFollowed>& how);
    // Passes new events to the writer. True: the file has just fallen behind, and a `gap` event at the end of `recording` says
    // why.
    [[nodiscard]] bool follow(Recording& recording);
    // Writes the rest and closes the file, which then replaces an older recording of its name; but not if no program was
    // started. Error: the file is not whole.
    [[nodiscard]] Result<void> finish(Recording& recording);

    // The file of the recording; empty: none.
    [[nodiscard]] std::filesystem::path file() const { return writer_ ? writer_->path() : std::filesystem::path(); }
    // How much of the disk it takes, with its log; 0: no file. May be late by a tenth of a second.
    [[nodiscard]] std::uintmax_t size();
    // The file lags behind: a caller who can should take no new events for a moment.
    [[nodiscard]] bool is_behind() const { return writer_ && writer_->is_behind(); }
    [[nodiscard]] int descriptor() const { return writer_ ? writer_->descriptor() : -1; }

private:
    bool tell_trouble(Recording& recording, const std::string& message);

    std::unique_ptr<RecordingWriter> writer_;
    std::uintmax_t size_ = 0;
    std::chrono::steady_clock::time_point measured_;
    bool in_trouble_ = false;  // and an event has said so
};

// The time in the form that recordings store.
[[nodiscard]] RecordingInfo recording_info_now(std::string title);

}  // namespace procatlas
