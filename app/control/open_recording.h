// Opens what a person hands us: a recording, or a figure that carries one.
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
    std::filesystem::path file;                     // of the recording …
    std::shared_ptr<const TemporaryFolder> folder;  // … and where it is, taken out of a figure; else null
    std::optional<std::size_t> moment;              // that the figure shows
};

// Error: one sentence on what is wrong with the file.
[[nodiscard]] Result<OpenedRecording> open_recording(const std::filesystem::path& file);

enum class MemoryBytesKept : std::uint8_t { no, yes };

// A copy of the recording at `file`, whole also while it is being written, as bytes; with the raw bytes of memory where they
// are asked for: they may hold what nobody wants to publish.
[[nodiscard]] Result<std::string> recording_bytes(const std::filesystem::path& file,
                                                  MemoryBytesKept kept = MemoryBytesKept::no);

}  // namespace procatlas
