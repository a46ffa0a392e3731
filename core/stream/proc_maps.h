// /proc/PID/maps (proc(5)): parsing alone. The stream carries the kernel's own text, so both ends share this.
#pragma once

#include <string>

#include "core/base/result.h"
#include "core/model/address_space.h"

namespace procatlas {

// The mappings of the whole text of a maps file; names point into the returned `names`. Parses in place. The marks stay zero.
// Errors: a line that is no mapping (with its number), mappings out of order or overlapping.
[[nodiscard]] Result<AddressSpace> parse_proc_maps(std::string text);

}  // namespace procatlas
