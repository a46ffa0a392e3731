#include <dwarf.h>

#include <utility>

#include "core/inspect/dwarf/dwarf_attributes.h"
#include "core/inspect/dwarf/variable_types.h"

namespace procatlas {
namespace {

constexpr std::size_t member_limit = 10'000;
constexpr unsigned bits_at_once = 64;

bool is_block(Dwarf_Attribute attribute) {
    switch (dwarf_whatform(&attribute)) {
        case DW_FORM_exprloc:
        case DW_FORM_block:
        case DW_FORM_block1:
        case DW_FORM_block2:
        case DW_FORM_block4:
            return true;
        default:
            return false;
    }
}

// Before DWARF 4, the forms of four and eight bytes may mean a list of locations.
bool may_be_list(Dwarf_Die die, Dwarf_Attribute attribute) {
    Dwarf_Die unit;
    Dwarf_Half version = 0;
    if (!dwarf_cu_die(die.cu, &unit, &version, nullptr, nullptr, nullptr, nullptr, nullptr)) {
        return true;
    }
    const unsigned form = dwarf_whatform(&attribute);
    return version < 4 && (form == DW_FORM_data4 || form == DW_FORM_data8);
}

// DWARF 2 writes an offset as an expression that adds it.
std::optional<ByteCount> plain_offset(Dwarf_Attribute place) {
    Dwarf_Op* ops = nullptr;
    std::size_t count = 0;
    const bool adds = dwarf_getlocation(&place, &ops, &count) == 0 && count == 1 && ops[0].atom == DW_OP_plus_uconst;
    return adds ? std::optional<ByteCount>(ops[0].number) : std::nullopt;
}

}  // namespace

Member VariableTypes::read_member(Dwarf_Die die, const Type& structure) {
    Member member;
    member.name = entry_name(die);
    member.type = type_of(die);
    member.base_class = dwarf_tag(&die) == DW_TAG_inheritance;
    member.virtual_base =
        member.base_class && number_of(die, DW_AT_virtuality).value_or(DW_VIRTUALITY_none) != DW_VIRTUALITY_none;
    if (const auto place = attribute_of(die, DW_AT_data_member_location)) {
        const auto constant = constant_in(*place);
        if (constant && !may_be_list(die, *place) && !member.virtual_base) {
            member.offset = *constant;
        } else if (!constant && is_block(*place)) {
            const auto offset = member.virtual_base ? std::nullopt : plain_offset(*place);
            member.offset = offset.value_or(0);
            member.place = offset ? std::nullopt : std::optional(*place);
        } else {
            member.why_not = "its place is told in a way that is not understood";
        }
    } else if (member.virtual_base) {
        member.why_not = "its place is not in the debug information";
    }
    if (has_attribute(die, DW_AT_bit_size) || has_attribute(die, DW_AT_data_bit_offset)) {
        read_bits(die, structure, member);
    }
    const auto order = number_of(die, DW_AT_endianity).value_or(DW_END_default);
    if (order != DW_END_default && order != DW_END_little) {
        member.why_not = "its bytes are in an order that is not understood";
    }
    return member;
}

void VariableTypes::read_bits(Dwarf_Die die, const Type& structure, Member& member) {
    const auto bits = number_of(die, DW_AT_bit_size);
    const auto own_size = number_of(die, DW_AT_byte_size);
    const auto storage = own_size ? own_size : size_of(member.type);
    const Type* type = plain(member.type);
    std::optional<std::uint64_t> first = number_of(die, DW_AT_data_bit_offset);
    if (!first && !has_attribute(die, DW_AT_data_bit_offset)) {
        const auto from_top = number_of(die, DW_AT_bit_offset);  // DWARF 3: counted from the most significant bit
        if (from_top && storage && bits) {
            first = member.offset * 8 + *storage * 8 - *from_top - *bits;
        } else if (!from_top && !has_attribute(die, DW_AT_bit_offset)) {
            first = member.offset * 8;
        }
    }
    if (!bits || !first || member.place || !type || *bits == 0 || *bits > bits_at_once || type->reversed ||
        *bits > structure.size.value_or(0) * 8 || *first > structure.size.value_or(0) * 8 - *bits) {
        member.why_not = "its bits are told in a way that is not understood";
        return;
    }
    member.offset = *first / 8;
    member.bit_offset = static_cast<unsigned>(*first % 8);
    member.bit_size = static_cast<unsigned>(*bits);
}

VariantPart VariableTypes::read_variants(Dwarf_Die die, const Type& structure, std::string& why_not) {
    VariantPart part;
    const auto told = attribute_of(die, DW_AT_discr);
    Dwarf_Die discriminant;
    if (told) {
        auto attribute = *told;
        if (dwarf_formref_die(&attribute, &discriminant)) {
            part.discriminant = read_member(discriminant, structure);
        } else {
            why_not = "what says which of its variants it is cannot be found";
        }
    }
    const bool all = for_each_child(die, member_limit, [&](Dwarf_Die child) {
        if (dwarf_tag(&child) != DW_TAG_variant) {
            return;
        }
        Variant variant;
        variant.discriminant = number_of(child, DW_AT_discr_value);
        Members inner;
        const bool whole = for_each_child(child, member_limit, [&](Dwarf_Die one) { read_child(one, structure, inner); });
        const bool odd = has_attribute(child, DW_AT_discr_list) ||
                         (has_attribute(child, DW_AT_discr_value) && !variant.discriminant) || !inner.variant_parts.empty();
        if (!whole || odd || !inner.why_not.empty()) {
            why_not = "its variants are told in a way that is not understood";
        }
        variant.members = std::move(inner.fixed);
        part.variants.push_back(std::move(variant));
    });
    if (!all || (!part.discriminant && part.variants.size() != 1)) {
        why_not = "its variants are told in a way that is not understood";
    }
    return part;
}

void VariableTypes::read_child(Dwarf_Die die, const Type& structure, Members& members) {
    switch (dwarf_tag(&die)) {
        case DW_TAG_member:
            if (!has_attribute(die, DW_AT_external) && !has_attribute(die, DW_AT_declaration)) {  // not a static member
                members.fixed.push_back(read_member(die, structure));
            }
            break;
        case DW_TAG_inheritance:
            members.fixed.push_back(read_member(die, structure));
            break;
        case DW_TAG_variant_part:
            members.variant_parts.push_back(read_variants(die, structure, members.why_not));
            break;
        default:
            break;  // types, methods, arguments of templates
    }
}

const Members& VariableTypes::members_of(const Type& structure) {
    const auto [found, fresh] = members_.try_emplace(&structure);
    if (fresh) {
        Members members;
        const bool all =
            for_each_child(structure.die, member_limit, [&](Dwarf_Die child) { read_child(child, structure, members); });
        if (!all) {
            members.why_not = "it has more members than can be read";
        }
        members_[&structure] = std::move(members);
    }
    return members_[&structure];
}

const std::string& VariableTypes::whole_name(const Type& structure) {
    const auto [found, fresh] = whole_names_.try_emplace(&structure);
    if (fresh) {
        found->second = name_with_scopes(structure.die);
    }
    return found->second;
}

Result<const Type*> VariableTypes::class_named(const std::string& whole_name) {
    const auto found = classes_.find(whole_name);
    if (found != classes_.end()) {
        return found->second;
    }
    const auto die = definitions_.find_class(whole_name);
    Result<const Type*> type = die ? Result<const Type*>(read(*die, 0)) : std::unexpected(die.error());
    return classes_.emplace(whole_name, std::move(type)).first->second;
}

const Type* VariableTypes::argument_of(const Type& structure, std::string_view name) {
    const Type* argument = nullptr;
    bool known = false;
    for_each_child(structure.die, member_limit, [&](Dwarf_Die child) {
        if (!known && dwarf_tag(&child) == DW_TAG_template_type_parameter && entry_name(child) == name) {
            argument = type_of(child);
            known = true;
        }
    });
    return argument;
}

const Type* VariableTypes::go_runtime_type(std::uint64_t offset) {
    const auto die = go_types_.find(offset);
    return die ? read(*die, 0) : nullptr;
}

const Type* VariableTypes::rust_implementer(Address address) {
    const auto die = rust_vtables_.find(address);
    return die ? read(*die, 0) : nullptr;
}

const Type* VariableTypes::type_in(const Type& type, unsigned attribute) {
    auto told = has_attribute(type.die, attribute) ? attribute_of(type.die, attribute) : std::nullopt;
    Dwarf_Die target;
    return told && dwarf_formref_die(&*told, &target) ? read(target, 0) : nullptr;
}

const Type* VariableTypes::go_type(const Type* type) {
    constexpr int aliases_limit = 100;
    for (int i = 0; type && type->go == GoKind::none; ++i) {
        const bool renames = type->kind == TypeKind::alias || type->kind == TypeKind::qualified;
        type = renames && i < aliases_limit ? type->target : nullptr;
    }
    return type;
}

}  // namespace procatlas
