// Bytes of a stopped thread's memory at a place that nobody has just used. Its pages are asked for first (pagemap, bit 63):
// touching one that is not present may wait for a file system or for another program without end.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "core/base/address.h"

namespace procatlas {

// Empty: not all of its pages are present, or it may not be looked at.
[[nodiscard]] std::string read_present_bytes(pid_t tid, Address address, std::size_t size);
// False: nothing was written, for the same reasons.
bool write_present_bytes(pid_t tid, Address address, std::string_view bytes);

}  // namespace procatlas
