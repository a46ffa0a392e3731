// Places of memory at which the processor itself stops a thread after it has written there: the debug registers of x86 (Intel's
// manual, volume 3, "Debug Registers"; ptrace(2), PTRACE_POKEUSER). They belong to a thread: neither a fork nor a new thread
// inherits them, and an exec clears them. What the kernel writes, as for read(2), is not seen.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <span>
#include <vector>

#include "core/base/address.h"

namespace procatlas {

// What is to be watched in one memory.
struct WatchedPlaces {
    std::vector<AddressRange> places;  // each `can_be_watched`, at most `most_watched` (stop_points.h)
    std::uint32_t version = 0;         // counts the changes; 0: nothing was ever watched
};

// Watches these places, and no others, in a thread that is in a ptrace stop. False: the machine or the kernel refuses.
bool watch_places(pid_t tid, std::span<const AddressRange> places);

// Those of `places`, as given to `watch_places`, that the thread has written to since this was last asked.
[[nodiscard]] std::vector<AddressRange> take_written(pid_t tid, std::span<const AddressRange> places);

}  // namespace procatlas
