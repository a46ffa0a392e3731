// Whose malloc serves a process.
#pragma once

#include <string>

#include "core/inspect/dwarf/dwarf_modules.h"

namespace procatlas {

// Why blocks of the process may not be those of a shared glibc's malloc, in words; empty: they are. It is certain where no
// other file that is mapped defines a malloc which the program's calls could lead to.
[[nodiscard]] std::string why_not_glibc_malloc(const DwarfModules& modules);

}  // namespace procatlas
