// Where the other programs of procatlas are.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace procatlas {

// The path of `name`: beside the running program, as built, or in procatlas's folder of libexec, as installed, which is found
// from the running program: an installed tree may be moved. Error: it is at neither.
[[nodiscard]] Result<std::string> find_own_program(std::string_view name);

// A program of this name is in a folder of PATH.
[[nodiscard]] bool is_in_path(std::string_view name);

}  // namespace procatlas
