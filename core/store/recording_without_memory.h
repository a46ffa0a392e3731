// A recording that may be given away: what was in the memory of its processes is not in it.
#pragma once

#include <filesystem>

#include "core/base/result.h"
#include "core/model/recording.h"
#include "core/store/recording_info.h"

namespace procatlas {

// Writes `recording` anew to `to`, without raw memory and without the values of variables, of Python's objects, of returns and
// of exceptions. Names, types, addresses and sizes stay, where pointers lead too, and what the programs printed. The file is
// written from what was read, so nothing else that the old one held, in free pages or elsewhere, can be in it.
[[nodiscard]] Result<void> write_without_memory(const Recording& recording, RecordingInfo info,
                                                const std::filesystem::path& to);

}  // namespace procatlas
