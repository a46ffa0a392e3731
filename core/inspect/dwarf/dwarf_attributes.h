// What several readers of debug information want of one entry.
#pragma once

#include <elfutils/libdw.h>

#include <optional>
#include <string>

namespace procatlas {

// Its own name, or that of what it specifies or was inlined from; empty: it has none. Cut where it is absurdly long.
[[nodiscard]] std::string entry_name(Dwarf_Die die);

// The same goes for an attribute.
[[nodiscard]] std::optional<Dwarf_Attribute> attribute_of(Dwarf_Die die, unsigned name);

}  // namespace procatlas
