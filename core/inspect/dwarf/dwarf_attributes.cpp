#include "core/inspect/dwarf/dwarf_attributes.h"

#include <string_view>

namespace procatlas {

std::string entry_name(Dwarf_Die die) {
    constexpr std::size_t longest = 1000;
    const char* name = dwarf_diename(&die);
    return name ? std::string(std::string_view(name).substr(0, longest)) : std::string();
}

std::optional<Dwarf_Attribute> attribute_of(Dwarf_Die die, unsigned name) {
    Dwarf_Attribute attribute;
    return dwarf_attr_integrate(&die, name, &attribute) ? std::optional(attribute) : std::nullopt;
}

}  // namespace procatlas
