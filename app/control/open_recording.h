// Opens a file from the user: a recording, or a figure that carries one.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/store/read_recording.h"
#include "core/store/temporary_folder.h"

namespace procatlas {

struct OpenedRecording {
    LoadedRecording loaded;
    std::filesystem::path file;                     // the recording file …
    std::shared_ptr<const TemporaryFolder> folder;  // … and its folder, if it was extracted from a figure; else null
    std::optional<std::size_t> moment;              // the moment that the figure shows
};

// Error: one sentence that says what is wrong with the file.
[[nodiscard]] Result<OpenedRecording> open_recording(const std::filesystem::path& file);

enum class MemoryKept : std::uint8_t { no, yes };

// The bytes of a copy of the recording at `file`, complete even while `file` is being written. Contains raw memory and the
// values of variables only if `kept` asks for them, because they may be private.
[[nodiscard]] Result<std::string> recording_bytes(const std::filesystem::path& file, MemoryKept kept = MemoryKept::no);

}  // namespace procatlas
