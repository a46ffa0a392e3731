// The memory map of a process as the kernel tells it.
#pragma once

#include <sys/types.h>

#include <string_view>

#include "core/base/result.h"
#include "core/stream/event_stream.h"

namespace procatlas {

// Reads /proc/THREAD/maps: a thread that is stopped, for the map of a process whose leader has ended is empty under the
// leader's number. `text.maps` is overwritten, the marks are left as they are. `may_change`: other threads run on, so the map
// is read until two readings agree, three times at most, and else is marked torn. Error ESRCH: no memory any more.
[[nodiscard]] Result<void> read_memory_text(pid_t thread, bool may_change, MemoryText& text);

// Whether the last line is the kernel's own mapping above all others, which is in no memory of a process.
[[nodiscard]] bool has_kernel_mapping(std::string_view maps);

}  // namespace procatlas
