// Identifies a process throughout a recording. A pid alone does not, because the kernel reuses pids.
#pragma once

#include <compare>
#include <cstdint>

namespace procatlas {

struct ProcessKey {
    std::int32_t pid = 0;           // in the observer's pid namespace; 0 means "none"
    std::uint64_t start_ticks = 0;  // field 22 of /proc/PID/stat, clock ticks since boot (proc(5))

    [[nodiscard]] explicit operator bool() const { return pid != 0; }
    auto operator<=>(const ProcessKey&) const = default;
};

}  // namespace procatlas
