// Keeps a recording in a file while it grows, and tells in the recording itself when the file falls behind. Shared by the
// window and `procatlas trace`. One thread only.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/model/recording.h"
#include "core/store/recording_writer.h"

namespace procatlas {

class RecordingKeeper {
public:
    // A new file for a recording that begins now. Error: it cannot be made, and nothing is kept.
    [[nodiscard]] Result<void> begin(const std::filesystem::path& file, std::string title);
    // In the user's folder, under a name of its own, the last 20 kept.
    [[nodiscard]] Result<void> begin_in_users_folder(std::string title);
    // Hands over what is new. True: the file has just fallen behind, and a `gap` event at the end of `recording` says why.
    [[nodiscard]] bool follow(Recording& recording);
    // Writes the rest, and closes. Error: the file is not whole.
    [[nodiscard]] Result<void> finish(Recording& recording);

    // Where it is kept; empty: nowhere.
    [[nodiscard]] std::filesystem::path file() const { return writer_ ? writer_->path() : std::filesystem::path(); }
    // The file lags behind: whoever can should take in nothing new for a moment.
    [[nodiscard]] bool is_behind() const { return writer_ && writer_->is_behind(); }
    [[nodiscard]] int descriptor() const { return writer_ ? writer_->descriptor() : -1; }

private:
    bool tell_trouble(Recording& recording, const std::string& message);

    std::unique_ptr<RecordingWriter> writer_;
    bool in_trouble_ = false;  // and it was told
};

// The time as recordings note it.
[[nodiscard]] RecordingInfo recording_info_now(std::string title);

}  // namespace procatlas
