// Turns a recording file back into a recording. The file may come from a stranger: see untrusted_file.h.
#pragma once

#include <filesystem>

#include "core/base/result.h"
#include "core/model/recording.h"
#include "core/store/recording_info.h"

namespace procatlas {

struct LoadedRecording {
    RecordingInfo info;
    Recording recording;
};

// Reads a private copy, so that the data cannot change meanwhile and no file is left beside `path`. A file that is still being
// written is read as far as it goes. Error: one sentence that says what is wrong with the file.
// The file is taken apart by procatlas-opener.
[[nodiscard]] Result<LoadedRecording> read_recording(const std::filesystem::path& path);

// The same within this process, for fuzzers alone.
[[nodiscard]] Result<LoadedRecording> read_recording_here(const std::filesystem::path& path);

}  // namespace procatlas
