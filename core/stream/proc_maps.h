// /proc/PID/maps (proc(5)): parsing alone. The stream carries the kernel's own text, so both ends share this.
#pragma once

#include <string_view>

#include "core/base/result.h"
#include "core/model/address_space.h"

namespace procatlas {

// The mappings of the whole text of a maps file. Names are copied into the returned `names`, one that repeats only once. The
// marks stay zero. Errors: a line that is no mapping (with its number), mappings out of order or overlapping.
[[nodiscard]] Result<AddressSpace> parse_proc_maps(std::string_view text);

}  // namespace procatlas
