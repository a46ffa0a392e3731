#include "core/inspect/dwarf/rust_vtables.h"

#include <dwarf.h>

#include <cstddef>

#include "core/inspect/dwarf/dwarf_attributes.h"

namespace procatlas {
namespace {

constexpr std::size_t vtable_entry_limit = 1'000'000;

std::optional<Dwarf_Die> referred_by(Dwarf_Die die, unsigned name) {
    Dwarf_Attribute attribute;
    Dwarf_Die target;
    const bool refers = dwarf_attr(&die, name, &attribute) && dwarf_formref_die(&attribute, &target);
    return refers ? std::optional(target) : std::nullopt;
}

}  // namespace

bool is_rust_vtable(std::string_view name) {
    return name.starts_with('<') && name.ends_with(">::{vtable}");
}

void RustVtables::add(Dwarf_Die variable) {
    Dwarf_Attribute location;
    Dwarf_Op* ops = nullptr;
    std::size_t count = 0;
    const bool placed = dwarf_attr(&variable, DW_AT_location, &location) && dwarf_getlocation(&location, &ops, &count) == 0 &&
                        count == 1 && ops[0].atom == DW_OP_addr && ops[0].number != 0;
    const auto table = placed ? referred_by(variable, DW_AT_type) : std::nullopt;
    const auto implementer = table ? referred_by(*table, DW_AT_containing_type) : std::nullopt;
    if (implementer) {
        const auto [found, fresh] = by_address_->try_emplace(ops[0].number, implementer);
        if (!fresh && found->second && found->second->addr != implementer->addr) {
            found->second.reset();
        }
    }
}

std::optional<Dwarf_Die> RustVtables::find(Address address) {
    if (!by_address_) {
        by_address_.emplace();
        for (const Dwarf_Die& unit : units_) {
            if (language_of(unit) != DW_LANG_Rust) {
                continue;
            }
            for_each_child(unit, vtable_entry_limit, [&](Dwarf_Die child) {
                if (dwarf_tag(&child) == DW_TAG_variable && is_rust_vtable(entry_name(child))) {
                    add(child);
                }
            });
        }
    }
    const auto found = by_address_->find(address);
    return found != by_address_->end() ? found->second : std::nullopt;
}

}  // namespace procatlas
