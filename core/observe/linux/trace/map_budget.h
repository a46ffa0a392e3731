// Whether the memory map of a process may be read at a frequent event (a memory call). A map of 65,000 mappings takes 27 ms to
// read, so that reading may take a tenth of the time at most; and a loop of mmap and munmap must not fill the recording with
// maps, so that the bytes are rationed too. Pure; times are CLOCK_MONOTONIC nanoseconds.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

namespace procatlas {

class MapBudget {
public:
    // At a frequent event. False: the map is not to be read now, and the last one that was sent is stale from here on.
    [[nodiscard]] bool allows(std::uint64_t now_ns);
    // A map of `bytes` was read by `allows`' leave.
    void spend(std::size_t bytes) { bytes_left_ -= static_cast<std::int64_t>(bytes); }
    // Any reading of the map: when, and what processor time it took.
    void was_read(std::uint64_t at_ns, std::uint64_t cost_ns);
    // The map has changed, and nobody reads it now.
    void leave_stale() { stale_ = true; }
    // The map changed and was not read since, by `allows`; asking takes the mark away.
    [[nodiscard]] bool take_stale() { return std::exchange(stale_, false); }

private:
    bool stale_ = false;
    std::int64_t bytes_left_ = 0;
    std::uint64_t cost_ns_ = 0;  // of the last reading
    std::uint64_t read_at_ns_ = 0;
};

}  // namespace procatlas
