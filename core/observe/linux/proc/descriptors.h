// /proc/PID/fd, /proc/PID/fdinfo and /proc/PID/cwd (proc(5)): links that the kernel makes as text, so that no file is touched.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <optional>

#include "core/model/descriptors.h"

namespace procatlas {

// At most 256 descriptors of a process. nullopt: it is gone, or the kernel does not let us look.
[[nodiscard]] std::optional<Descriptors> read_descriptors(pid_t pid);

// How many are open; 0: the kernel does not say (before Linux 6.2).
[[nodiscard]] std::size_t count_descriptors(pid_t pid);

}  // namespace procatlas
