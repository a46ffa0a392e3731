#include "core/inspect/dwarf/go_types.h"

#include <dwarf.h>

#include <algorithm>
#include <string_view>

#include "core/inspect/dwarf/dwarf_attributes.h"

namespace procatlas {
namespace {

constexpr unsigned go_kind_attribute = 0x2900;
constexpr unsigned go_runtime_type_attribute = 0x2904;
constexpr std::size_t go_entry_limit = 1'000'000;
constexpr std::size_t runtime_member_limit = 1000;

// Where the member begins; `type` becomes what it is of.
std::optional<ByteCount> member_place(Dwarf_Die structure, std::string_view name, Dwarf_Die* type = nullptr) {
    std::optional<ByteCount> place;
    for_each_child(structure, runtime_member_limit, [&](Dwarf_Die member) {
        if (dwarf_tag(&member) != DW_TAG_member || entry_name(member) != name) {
            return;
        }
        place = number_of(member, DW_AT_data_member_location);
        Dwarf_Attribute attribute;
        const bool typed = dwarf_attr(&member, DW_AT_type, &attribute) != nullptr;
        // What it renames, for each type of Go with a name is one that renames another.
        if (type && (!typed || !dwarf_formref_die(&attribute, type) || dwarf_peel_type(type, type) != 0)) {
            place.reset();
        }
    });
    return place;
}

// Its register is what "regabi" says, among the options that the compiler tells.
bool keeps_goroutine_in_register(Dwarf_Die unit) {
    Dwarf_Attribute attribute;
    const char* producer = dwarf_attr(&unit, DW_AT_producer, &attribute) ? dwarf_formstring(&attribute) : nullptr;
    return producer && std::string_view(producer).find("regabi") != std::string_view::npos;
}

std::optional<GoroutineLayout> layout_in(Dwarf_Die structure) {
    Dwarf_Die stack;
    const auto at = member_place(structure, "stack", &stack);
    const auto number = member_place(structure, "goid");
    const auto low = at ? member_place(stack, "lo") : std::nullopt;
    const auto high = at ? member_place(stack, "hi") : std::nullopt;
    return low && high && number ? std::optional(GoroutineLayout{*at + *low, *at + *high, *number}) : std::nullopt;
}

}  // namespace

std::optional<GoroutineLayout> goroutine_layout(const std::vector<Dwarf_Die>& units) {
    const bool in_register = std::ranges::any_of(units, [](Dwarf_Die unit) {
        return speaks_go(unit) && entry_name(unit) == "runtime" && keeps_goroutine_in_register(unit);
    });
    std::optional<GoroutineLayout> layout;
    for (std::size_t i = 0; in_register && !layout && i < units.size(); ++i) {
        if (!speaks_go(units[i])) {
            continue;
        }
        for_each_child(units[i], go_entry_limit, [&](Dwarf_Die child) {
            if (!layout && dwarf_tag(&child) == DW_TAG_structure_type && entry_name(child) == "runtime.g") {
                layout = layout_in(child);
            }
        });
    }
    return layout;
}

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
