// What several readers of debug information need from one entry.
#pragma once

#include <elfutils/libdw.h>

#include <cstdint>
#include <optional>
#include <string>

namespace procatlas {

// The entry's own name, or the name of the entry that it specifies or was inlined from; empty: none. Absurdly long names are
// cut.
[[nodiscard]] std::string entry_name(Dwarf_Die die);

// The attribute of `die`, found in the same way.
[[nodiscard]] std::optional<Dwarf_Attribute> attribute_of(Dwarf_Die die, unsigned name);

// The constant that an attribute contains; nullopt: it contains something else. Constants with a sign are sign-extended, those
// of fixed size are not, because their sign is not known.
[[nodiscard]] std::optional<std::uint64_t> constant_in(Dwarf_Attribute attribute);

// The constant of the attribute `name` of `die`; nullopt: it is missing, or no constant.
[[nodiscard]] std::optional<std::uint64_t> number_of(Dwarf_Die die, unsigned name);

// Whether the attribute of `die` is there and has the flag set.
[[nodiscard]] bool has_flag(Dwarf_Die die, unsigned name);

// Whether `die` itself has the attribute.
[[nodiscard]] bool has_attribute(Dwarf_Die die, unsigned name);

// The source language (DW_LANG_) of the unit that `die` is in; 0: not known.
[[nodiscard]] int language_of(Dwarf_Die die);
[[nodiscard]] bool speaks_cpp(Dwarf_Die die);
[[nodiscard]] bool speaks_c(Dwarf_Die die);  // not C++

// Whether the compiler says that it has optimised the function: gcc and Go by the options in the unit's name of the compiler,
// clang by an attribute that it writes only then. False also where it says nothing, as rustc does.
[[nodiscard]] bool is_optimised(Dwarf_Die function);

// Visits the children of `die` until `visit` has seen `most` of them. False: there are more.
template <typename Visit>
bool for_each_child(Dwarf_Die die, std::size_t most, Visit visit) {
    Dwarf_Die child;
    std::size_t count = 0;
    for (int more = dwarf_child(&die, &child); more == 0; more = dwarf_siblingof(&child, &child)) {
        if (++count > most) {
            return false;
        }
        visit(child);
    }
    return true;
}

}  // namespace procatlas
