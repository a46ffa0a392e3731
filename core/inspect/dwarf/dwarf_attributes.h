// What several readers of debug information need from one entry.
#pragma once

#include <elfutils/libdw.h>

#include <optional>
#include <string>

namespace procatlas {

// The entry's own name, or the name of the entry that it specifies or was inlined from; empty: none. Absurdly long names are
// cut.
[[nodiscard]] std::string entry_name(Dwarf_Die die);

// The attribute of `die`, found in the same way.
[[nodiscard]] std::optional<Dwarf_Attribute> attribute_of(Dwarf_Die die, unsigned name);

}  // namespace procatlas
