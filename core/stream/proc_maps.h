// Parses /proc/PID/maps (proc(5)). The stream carries the kernel's own text, so both ends use this.
#pragma once

#include <string_view>

#include "core/base/result.h"
#include "core/model/address_space.h"

namespace procatlas {

// The mappings in the text of a whole maps file. Copies names into the returned `names`, repeated ones only once. The marks
// stay zero. Errors: a line is not a mapping (with its number), mappings are out of order or overlap.
[[nodiscard]] Result<AddressSpace> parse_proc_maps(std::string_view text);

}  // namespace procatlas
