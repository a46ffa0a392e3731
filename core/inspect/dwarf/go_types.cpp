#include "core/inspect/dwarf/go_types.h"

#include <dwarf.h>

#include "core/inspect/dwarf/dwarf_attributes.h"

namespace procatlas {
namespace {

constexpr unsigned go_kind_attribute = 0x2900;
constexpr unsigned go_runtime_type_attribute = 0x2904;
constexpr std::size_t go_entry_limit = 1'000'000;

}  // namespace

bool speaks_go(Dwarf_Die die) {
    return language_of(die) == DW_LANG_Go;
}

std::optional<std::uint64_t> go_kind_number(Dwarf_Die die) {
    return has_attribute(die, go_kind_attribute) ? number_of(die, go_kind_attribute) : std::nullopt;
}

GoKind go_kind_of(Dwarf_Die die) {
    const std::uint64_t number = go_kind_number(die).value_or(0);
    if (number == 0 && dwarf_tag(&die) == DW_TAG_pointer_type && has_attribute(die, DW_AT_type)) {
        return GoKind::pointer;  // one that only the compiler needs has no kind
    }
    for (const GoKind kind :
         {GoKind::channel, GoKind::function, GoKind::interface, GoKind::map, GoKind::pointer, GoKind::slice, GoKind::string}) {
        if (static_cast<std::uint64_t>(kind) == number) {
            return kind;
        }
    }
    return GoKind::none;
}

std::optional<Dwarf_Die> GoRuntimeTypes::find(std::uint64_t offset) {
    if (!by_offset_) {
        by_offset_.emplace();
        for (const Dwarf_Die& unit : units_) {
            if (!speaks_go(unit)) {
                continue;
            }
            for_each_child(unit, go_entry_limit, [&](Dwarf_Die child) {
                Dwarf_Attribute attribute;
                Dwarf_Addr at = 0;
                if (dwarf_attr(&child, go_runtime_type_attribute, &attribute) && dwarf_formaddr(&attribute, &at) == 0 &&
                    at != 0) {
                    by_offset_->try_emplace(at, child);
                }
            });
        }
    }
    const auto found = by_offset_->find(offset);
    return found != by_offset_->end() ? std::optional(found->second) : std::nullopt;
}

}  // namespace procatlas
