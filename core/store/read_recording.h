// A recording file becomes a recording again. The file may come from a stranger: see untrusted_file.h.
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

// Reads a private copy, so that nothing can change meanwhile and nothing is left beside `path`; a file that is being written is
// read as far as it is. Error: one sentence on what is wrong with it.
[[nodiscard]] Result<LoadedRecording> read_recording(const std::filesystem::path& path);

}  // namespace procatlas
