#include "core/inspect/dwarf/variable_types.h"

#include <dwarf.h>

#include <string_view>
#include <utility>

#include "core/inspect/dwarf/dwarf_attributes.h"

namespace procatlas {
namespace {

constexpr int type_depth_limit = 100;
constexpr std::size_t type_child_limit = 10'000;
constexpr std::size_t type_text_limit = 1000;

std::optional<std::uint64_t> number_of(Dwarf_Die die, unsigned name) {
    auto attribute = attribute_of(die, name);
    Dwarf_Word value = 0;
    return attribute && dwarf_formudata(&*attribute, &value) == 0 ? std::optional(value) : std::nullopt;
}

bool speaks_cpp(Dwarf_Die die) {
    Dwarf_Die unit;
    if (!dwarf_diecu(&die, &unit, nullptr, nullptr)) {
        return false;
    }
    switch (dwarf_srclang(&unit)) {
        case DW_LANG_C_plus_plus:
        case DW_LANG_C_plus_plus_03:
        case DW_LANG_C_plus_plus_11:
        case DW_LANG_C_plus_plus_14:
            return true;
        default:
            return false;
    }
}

// What C writes before the name.
std::string_view keyword_of(int tag) {
    switch (tag) {
        case DW_TAG_structure_type:
            return "struct";
        case DW_TAG_union_type:
            return "union";
        case DW_TAG_enumeration_type:
            return "enum";
        case DW_TAG_class_type:
            return "class";
        default:
            return {};
    }
}

std::string type_name(Dwarf_Die die) {
    const std::string name = entry_name(die);
    const std::string_view keyword = keyword_of(dwarf_tag(&die));
    if (keyword.empty() || (!name.empty() && speaks_cpp(die))) {
        return name;
    }
    return std::string(keyword) + " " + (name.empty() ? "{...}" : name);
}

// gcc writes "long unsigned int" for what the source, clang and gdb call "unsigned long".
std::string usual_name(std::string name) {
    const bool sized = name.starts_with("short ") || name.starts_with("long ");
    if (sized && name.ends_with(" int")) {
        name.resize(name.size() - std::string_view(" int").size());
        const std::string_view unsigned_word = " unsigned";
        if (name.ends_with(unsigned_word)) {
            name = "unsigned " + name.substr(0, name.size() - unsigned_word.size());
        }
    }
    return name;
}

TypeKind kind_of(int tag) {
    switch (tag) {
        case DW_TAG_base_type:
            return TypeKind::signed_integer;  // until the encoding is read
        case DW_TAG_enumeration_type:
            return TypeKind::enumeration;
        case DW_TAG_pointer_type:
            return TypeKind::pointer;
        case DW_TAG_reference_type:
        case DW_TAG_rvalue_reference_type:
            return TypeKind::reference;
        case DW_TAG_array_type:
            return TypeKind::array;
        case DW_TAG_structure_type:
        case DW_TAG_union_type:
        case DW_TAG_class_type:
            return TypeKind::structure;
        case DW_TAG_subroutine_type:
            return TypeKind::function;
        case DW_TAG_typedef:
            return TypeKind::alias;
        case DW_TAG_const_type:
        case DW_TAG_volatile_type:
        case DW_TAG_restrict_type:
        case DW_TAG_atomic_type:
            return TypeKind::qualified;
        default:
            return TypeKind::unknown;
    }
}

std::string_view qualifier_of(int tag) {
    return tag == DW_TAG_const_type      ? "const"
           : tag == DW_TAG_volatile_type ? "volatile"
           : tag == DW_TAG_restrict_type ? "restrict"
                                         : "_Atomic";
}

template <typename Visit>
void for_each_child(Dwarf_Die die, Visit visit) {
    Dwarf_Die child;
    std::size_t count = 0;
    for (int more = dwarf_child(&die, &child); more == 0 && count < type_child_limit; more = dwarf_siblingof(&child, &child)) {
        visit(child);
        ++count;
    }
}

}  // namespace

const Type* VariableTypes::type_of(Dwarf_Die die) {
    return target_of(die, 0);
}

const Type* VariableTypes::target_of(Dwarf_Die die, int depth) {
    Dwarf_Attribute attribute;
    Dwarf_Die target;
    if (!dwarf_attr_integrate(&die, DW_AT_type, &attribute) || !dwarf_formref_die(&attribute, &target)) {
        return nullptr;
    }
    return read(target, depth + 1);
}

const Type* VariableTypes::read(Dwarf_Die die, int depth) {
    const auto [found, fresh] = types_.try_emplace(die.addr);
    Type& type = found->second;
    if (!fresh) {
        return &type;
    }
    type.die = die;
    const int tag = dwarf_tag(&die);
    type.kind = depth > type_depth_limit ? TypeKind::unknown : kind_of(tag);
    type.name = type_name(die);
    type.size =
        number_of(die, DW_AT_byte_size).value_or(type.kind == TypeKind::pointer || type.kind == TypeKind::reference ? 8 : 0);
    if (tag == DW_TAG_base_type) {
        type.name = usual_name(std::move(type.name));
        read_base(type);
    } else if (type.kind != TypeKind::unknown && type.kind != TypeKind::structure) {
        type.target = target_of(die, depth);
    }
    if (type.kind == TypeKind::array) {
        read_dimensions(type);
    }
    return &type;
}

void VariableTypes::read_base(Type& type) {
    switch (number_of(type.die, DW_AT_encoding).value_or(0)) {
        case DW_ATE_signed:
            type.kind = TypeKind::signed_integer;
            break;
        case DW_ATE_unsigned:
            type.kind = TypeKind::unsigned_integer;
            break;
        case DW_ATE_signed_char:
            type.kind = TypeKind::character;
            break;
        case DW_ATE_unsigned_char:
            type.kind = TypeKind::unsigned_character;
            break;
        case DW_ATE_UTF:
            type.kind = type.size == 1 ? TypeKind::unsigned_character : TypeKind::unsigned_integer;
            break;
        case DW_ATE_boolean:
            type.kind = TypeKind::boolean;
            break;
        case DW_ATE_float:
            type.kind = TypeKind::floating;
            break;
        default:
            type.kind = TypeKind::unknown;
            break;
    }
}

void VariableTypes::read_dimensions(Type& type) {
    for_each_child(type.die, [&](Dwarf_Die child) {
        if (dwarf_tag(&child) != DW_TAG_subrange_type || type.dimensions.size() >= 16) {
            return;
        }
        Dimension dimension;
        Dwarf_Attribute bound;
        Dwarf_Word upper = 0;
        if (const auto count = number_of(child, DW_AT_count)) {
            dimension.count = count;
        } else if (dwarf_attr(&child, DW_AT_upper_bound, &bound)) {
            if (dwarf_formudata(&bound, &upper) == 0) {
                dimension.count = upper + 1;  // int x[0] has the bound -1
            } else {
                dimension.dynamic = bound;
            }
        } else if (dwarf_attr(&child, DW_AT_count, &bound)) {
            dimension.dynamic = bound;
        }
        type.dimensions.push_back(dimension);
    });
}

void VariableTypes::read_member(Dwarf_Die die, std::vector<Member>& members) {
    const int tag = dwarf_tag(&die);
    if ((tag != DW_TAG_member && tag != DW_TAG_inheritance) || dwarf_hasattr(&die, DW_AT_external) ||
        dwarf_hasattr(&die, DW_AT_declaration)) {
        return;  // a static member is not in the object
    }
    Member member;
    member.name = entry_name(die);
    member.type = type_of(die);
    member.offset = number_of(die, DW_AT_data_member_location).value_or(0);
    member.base_class = tag == DW_TAG_inheritance;
    if (const auto bits = number_of(die, DW_AT_bit_size)) {
        const std::uint64_t storage = number_of(die, DW_AT_byte_size).value_or(size_of(member.type)) * 8;
        std::uint64_t first = number_of(die, DW_AT_data_bit_offset).value_or(member.offset * 8);
        if (const auto from_top = number_of(die, DW_AT_bit_offset)) {  // DWARF 3: counted from the most significant bit
            first = member.offset * 8 + storage - *from_top - *bits;
        }
        member.offset = first / 8;
        member.bit_offset = static_cast<unsigned>(first % 8);
        member.bit_size = static_cast<unsigned>(*bits > 64 ? 64 : *bits);
    }
    members.push_back(std::move(member));
}

const std::vector<Member>& VariableTypes::members_of(const Type& structure) {
    const auto [found, fresh] = members_.try_emplace(&structure);
    if (fresh) {
        std::vector<Member> members;
        for_each_child(structure.die, [&](Dwarf_Die child) { read_member(child, members); });
        found->second = std::move(members);
    }
    return found->second;
}

const std::vector<Enumerator>& VariableTypes::enumerators_of(const Type& enumeration) {
    const auto [found, fresh] = enumerators_.try_emplace(&enumeration);
    if (!fresh) {
        return found->second;
    }
    for_each_child(enumeration.die, [list = &found->second](Dwarf_Die child) {
        Dwarf_Attribute attribute;
        if (dwarf_tag(&child) != DW_TAG_enumerator || !dwarf_attr(&child, DW_AT_const_value, &attribute)) {
            return;
        }
        // A constant of fixed size does not say whether it is signed: libdw would read 200 in one byte as -56.
        const unsigned form = dwarf_whatform(&attribute);
        const bool has_sign = form == DW_FORM_sdata || form == DW_FORM_implicit_const;
        Dwarf_Word value = 0;
        Dwarf_Sword signed_value = 0;
        if (has_sign ? dwarf_formsdata(&attribute, &signed_value) == 0 : dwarf_formudata(&attribute, &value) == 0) {
            list->push_back({entry_name(child), has_sign ? signed_value : static_cast<std::int64_t>(value)});
        }
    });
    return found->second;
}

const Type* VariableTypes::plain(const Type* type) {
    for (int i = 0; type && (type->kind == TypeKind::alias || type->kind == TypeKind::qualified); ++i) {
        type = i < type_depth_limit ? type->target : nullptr;
    }
    return type;
}

ByteCount VariableTypes::size_of(const Type* type, int depth) {
    type = plain(type);
    if (!type || type->size != 0 || type->kind != TypeKind::array || depth > type_depth_limit) {
        return type ? type->size : 0;
    }
    ByteCount size = size_of(type->target, depth + 1);
    for (const Dimension& dimension : type->dimensions) {
        if (!dimension.count || __builtin_mul_overflow(size, *dimension.count, &size)) {
            return 0;
        }
    }
    return size;
}

std::string VariableTypes::parameters_text(const Type& function, int depth) {
    std::string text;
    bool any = false;
    for_each_child(function.die, [&](Dwarf_Die child) {
        const int tag = dwarf_tag(&child);
        if ((tag != DW_TAG_formal_parameter && tag != DW_TAG_unspecified_parameters) || text.size() > type_text_limit) {
            return;
        }
        text += any ? ", " : "";
        text += tag == DW_TAG_formal_parameter ? text_of(type_of(child), {}, depth + 1) : "...";
        any = true;
    });
    if (!any) {
        Dwarf_Die die = function.die;
        return dwarf_hasattr(&die, DW_AT_prototyped) || speaks_cpp(die) ? "void" : "";
    }
    return text;
}

std::string VariableTypes::text_of(const Type* type, const std::string& inner, int depth) {
    const auto named = [&](const std::string& name) { return inner.empty() ? name : name + " " + inner; };
    if (!type) {
        return named("void");
    }
    if (depth > type_depth_limit || inner.size() > type_text_limit) {
        return named("...");
    }
    const auto wrapped = [&](const std::string& mark) {
        const bool binds = type->target && (type->target->kind == TypeKind::array || type->target->kind == TypeKind::function);
        const std::string marked = mark + inner;
        return text_of(type->target, binds ? "(" + marked + ")" : marked, depth + 1);
    };
    Dwarf_Die die = type->die;
    switch (type->kind) {
        case TypeKind::pointer:
            return wrapped("*");
        case TypeKind::reference:
            return wrapped(dwarf_tag(&die) == DW_TAG_reference_type ? "&" : "&&");
        case TypeKind::array: {
            std::string bounds;
            for (const Dimension& dimension : type->dimensions) {
                bounds += "[" + (dimension.count ? std::to_string(*dimension.count) : "") + "]";
            }
            return text_of(type->target, inner + (bounds.empty() ? "[]" : bounds), depth + 1);
        }
        case TypeKind::function:
            return text_of(type->target, inner + "(" + parameters_text(*type, depth) + ")", depth + 1);
        case TypeKind::qualified: {
            const std::string word(qualifier_of(dwarf_tag(&die)));
            const bool behind =
                type->target && (type->target->kind == TypeKind::pointer || type->target->kind == TypeKind::reference);
            return behind ? text_of(type->target, " " + word + (inner.empty() ? "" : " " + inner), depth + 1)
                          : word + " " + text_of(type->target, inner, depth + 1);
        }
        case TypeKind::none:
        case TypeKind::signed_integer:
        case TypeKind::unsigned_integer:
        case TypeKind::character:
        case TypeKind::unsigned_character:
        case TypeKind::boolean:
        case TypeKind::floating:
        case TypeKind::enumeration:
        case TypeKind::structure:
        case TypeKind::alias:
        case TypeKind::unknown:
            break;
    }
    return named(type->name.empty() ? "?" : type->name);
}

}  // namespace procatlas
