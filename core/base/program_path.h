// Where the other programs of procatlas are.
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace procatlas {

// The path of the procatlas program `name`. Looks beside the running program (a build), then in libexec (an installation),
// relative to the running program because an installed tree may be moved. Error: it is in neither place.
[[nodiscard]] Result<std::string> find_own_program(std::string_view name);

// The same for a file that need not be a program: "python/sitecustomize.py".
[[nodiscard]] Result<std::string> find_own_file(std::string_view name);

// Whether a folder of PATH contains a program of this name.
[[nodiscard]] bool is_in_path(std::string_view name);

}  // namespace procatlas
