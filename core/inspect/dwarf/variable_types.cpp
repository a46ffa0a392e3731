#include "core/inspect/dwarf/variable_types.h"

#include <dwarf.h>

#include <string_view>
#include <utility>

#include "core/inspect/dwarf/dwarf_attributes.h"

namespace procatlas {
namespace {

constexpr int type_depth_limit = 100;
constexpr std::size_t dimension_limit = 16;
constexpr std::size_t enumerator_limit = 100'000;
constexpr int rust = 0x1c;  // DW_LANG_Rust

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
    if (keyword.empty() || (!name.empty() && (speaks_cpp(die) || language_of(die) == rust || speaks_go(die)))) {
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

// The attributes of a type that make its values more than their bytes, and that are not understood.
std::string_view why_not_plain(Dwarf_Die die) {
    for (const unsigned name : {DW_AT_data_location, DW_AT_allocated, DW_AT_associated, DW_AT_byte_stride, DW_AT_bit_stride,
                                DW_AT_binary_scale, DW_AT_decimal_scale, DW_AT_small}) {
        if (has_attribute(die, name)) {
            return "its type lays out its values in a way that is not understood";
        }
    }
    if (number_of(die, DW_AT_address_class).value_or(0) != 0) {
        return "it lies in an address space of its own";
    }
    return {};
}

bool is_column_major(Dwarf_Die die) {
    switch (language_of(die)) {
        case DW_LANG_Fortran77:
        case DW_LANG_Fortran90:
        case DW_LANG_Fortran95:
        case DW_LANG_Fortran03:
        case DW_LANG_Fortran08:
            return true;
        default:
            return number_of(die, DW_AT_ordering).value_or(DW_ORD_row_major) != DW_ORD_row_major;
    }
}

std::string_view without_complex(std::string_view name) {
    for (const std::string_view word : {"complex ", "_Complex "}) {
        if (name.starts_with(word)) {
            return name.substr(word.size());
        }
    }
    return name;
}

}  // namespace

const Type* VariableTypes::type_of(Dwarf_Die die) {
    return target_of(die, 0);
}

const Type* VariableTypes::target_of(Dwarf_Die die, int depth) {
    Dwarf_Attribute attribute;
    return dwarf_attr_integrate(&die, DW_AT_type, &attribute) ? referred(attribute, depth) : nullptr;
}

const Type* VariableTypes::referred(Dwarf_Attribute attribute, int depth) {
    Dwarf_Die target;
    if (dwarf_formref_die(&attribute, &target)) {
        return read(target, depth + 1);
    }
    // clang writes type units into DWARF 2 and 3 if asked to; they belong to DWARF 4, and libdw reads them only there.
    constexpr Dwarf_Half first_with_type_units = 4;
    Dwarf_Die unit;
    Dwarf_Half version = 0;
    const bool old = dwarf_whatform(&attribute) == DW_FORM_ref_sig8 &&
                     dwarf_cu_die(attribute.cu, &unit, &version, nullptr, nullptr, nullptr, nullptr, nullptr) &&
                     version < first_with_type_units;
    return old ? &in_old_type_unit_ : &missing_;
}

const Type* VariableTypes::read(Dwarf_Die die, int depth) {
    const auto [found, fresh] = types_.try_emplace(die.addr);
    Type& type = found->second;
    if (!fresh) {
        return &type;
    }
    type.die = die;
    type.name = type_name(die);
    type.rust = language_of(die) == rust;
    type.go = speaks_go(die) ? go_kind_of(die) : GoKind::none;
    type.kind = kind_of(dwarf_tag(&die));
    type.size = number_of(die, DW_AT_byte_size);
    Dwarf_Attribute signature;
    if (depth > type_depth_limit) {
        type.kind = TypeKind::unknown;
        type.why_not = "its type is nested too deeply";
    } else if (dwarf_attr(&die, DW_AT_signature, &signature)) {
        type.kind = TypeKind::alias;
        type.target = referred(signature, depth);
        type.name = entry_name(die).empty() ? type.target->name : type.name;
    } else if (has_attribute(die, DW_AT_declaration)) {  // its own: a definition may name the declaration that it completes
        if (const auto definition = definitions_.find(die)) {
            type.kind = TypeKind::alias;
            type.target = read(*definition, depth + 1);
        } else {
            type.size.reset();
            type.why_not = definition.error().message;
        }
    } else {
        read_definition(type, depth);
    }
    return &type;
}

void VariableTypes::read_definition(Type& type, int depth) {
    Dwarf_Die die = type.die;
    const int tag = dwarf_tag(&die);
    type.why_not = why_not_plain(die);
    if (tag == DW_TAG_base_type) {
        read_base(type);
        type.name = usual_name(std::move(type.name));
        return;
    }
    const auto order = number_of(die, DW_AT_endianity);
    if (order.value_or(DW_END_default) != DW_END_default && *order != DW_END_little) {
        type.why_not = "its bytes are in an order that is not understood";
    }
    if (tag == DW_TAG_unspecified_type && type.name == "decltype(nullptr)") {
        type.kind = TypeKind::pointer;
        type.size = sizeof(Address);
        return;
    }
    if (type.kind == TypeKind::unknown) {
        type.why_not = tag == DW_TAG_ptr_to_member_type ? "pointers to members are not shown"
                                                        : "its type is of a kind that is not understood";
    }
    if (tag == DW_TAG_ptr_to_member_type || (type.kind != TypeKind::unknown && type.kind != TypeKind::structure)) {
        type.target = target_of(die, depth);
    }
    if (type.kind == TypeKind::alias && type.target && type.name.starts_with(".param") && speaks_go(die)) {
        type.name = type.target->name;  // of a generic function of Go
    }
    const bool points = type.kind == TypeKind::pointer || type.kind == TypeKind::reference;
    if (points && !type.size) {
        Dwarf_Die unit;
        std::uint8_t address_size = 0;
        type.size = dwarf_diecu(&die, &unit, &address_size, nullptr) ? std::optional<ByteCount>(address_size) : std::nullopt;
    }
    if (type.kind == TypeKind::array) {
        read_dimensions(type);
    } else if ((points && type.size != sizeof(Address)) || (type.kind == TypeKind::enumeration && !type.size) ||
               (type.kind == TypeKind::structure && !type.size)) {
        type.why_not = "its size is not in the debug information";
    }
}

void VariableTypes::read_base(Type& type) {
    const auto order = number_of(type.die, DW_AT_endianity).value_or(DW_END_default);
    type.reversed = order == DW_END_big;
    const auto unused = number_of(type.die, DW_AT_bit_size);
    const ByteCount size = type.size.value_or(0);
    const auto fits = [&](bool does) { return does ? "" : "its type is of a size that is not understood"; };
    const bool whole = size == 1 || size == 2 || size == 4 || size == 8;
    switch (number_of(type.die, DW_AT_encoding).value_or(0)) {
        case DW_ATE_signed:
            type.kind = TypeKind::signed_integer;
            type.why_not += fits(whole || size == 16);
            break;
        case DW_ATE_unsigned:
            type.kind = type.name == "char8_t" ? TypeKind::unsigned_character : TypeKind::unsigned_integer;
            type.why_not += fits(whole || size == 16);
            break;
        case DW_ATE_signed_char:
            type.kind = TypeKind::character;
            type.why_not += fits(size == 1);
            break;
        case DW_ATE_unsigned_char:
            type.kind = TypeKind::unsigned_character;
            type.why_not += fits(size == 1);
            break;
        case DW_ATE_UTF:
            type.kind = size == 1 ? TypeKind::unsigned_character : TypeKind::unsigned_integer;
            type.why_not += fits(whole);
            break;
        case DW_ATE_boolean:
            type.kind = TypeKind::boolean;
            type.why_not += fits(whole);
            break;
        case DW_ATE_float:
            type.kind = TypeKind::floating;
            type.real = real_format(type.name, size, type.die);
            break;
        case DW_ATE_complex_float:
            type.kind = TypeKind::complex;
            type.real = real_format(without_complex(type.name), size / 2, type.die);
            break;
        case DW_ATE_decimal_float:
            type.kind = TypeKind::unknown;
            type.why_not = "decimal floating-point numbers are not shown";
            break;
        default:
            type.kind = TypeKind::unknown;
            type.why_not = "its type is encoded in a way that is not understood";
            break;
    }
    if ((type.kind == TypeKind::floating || type.kind == TypeKind::complex) && type.real == RealFormat::unknown) {
        type.why_not = "the format of its floating-point number is not known";
    }
    if (type.rust && type.name == "()" && size == 0) {
        type.why_not.clear();  // the value that is always the same
    }
    if ((unused && *unused != size * 8) || has_attribute(type.die, DW_AT_data_bit_offset)) {
        type.why_not = "its type does not use all bits of its bytes";
    }
    if (order != DW_END_default && order != DW_END_little && order != DW_END_big) {
        type.why_not = "its bytes are in an order that is not understood";
    }
}

// The number of elements; nullopt: it is not a constant.
std::optional<std::uint64_t> VariableTypes::constant_count(Dwarf_Die range) {
    if (const auto count = number_of(range, DW_AT_count)) {
        return count;
    }
    const auto upper = number_of(range, DW_AT_upper_bound);
    Dwarf_Sword lowest = 0;
    const auto lower = number_of(range, DW_AT_lower_bound);
    const bool by_language = !has_attribute(range, DW_AT_lower_bound);
    if (!upper || (by_language ? dwarf_default_lower_bound(language_of(range), &lowest) != 0 : !lower.has_value())) {
        return std::nullopt;
    }
    return *upper - (by_language ? static_cast<std::uint64_t>(lowest) : *lower) + 1;  // int x[0] has the upper bound -1
}

void VariableTypes::read_dimensions(Type& type) {
    bool understood = true;
    const bool all = for_each_child(type.die, dimension_limit, [&](Dwarf_Die child) {
        const int tag = dwarf_tag(&child);
        Dimension dimension;
        Dwarf_Attribute bound;
        understood = understood && tag == DW_TAG_subrange_type && why_not_plain(child).empty();
        if (const auto count = constant_count(child)) {
            dimension.count = count;
        } else if (dwarf_attr(&child, DW_AT_count, &bound) || dwarf_attr(&child, DW_AT_upper_bound, &bound)) {
            const auto lower = number_of(child, DW_AT_lower_bound);
            understood = understood && (!has_attribute(child, DW_AT_lower_bound) || lower == 0);
            dimension.dynamic = bound;
        }
        type.dimensions.push_back(dimension);
    });
    if (!all || !understood || (type.dimensions.size() > 1 && is_column_major(type.die))) {
        type.why_not = "its array is laid out in a way that is not understood";
    }
}

const std::vector<Enumerator>& VariableTypes::enumerators_of(const Type& enumeration) {
    const auto [found, fresh] = enumerators_.try_emplace(&enumeration);
    if (!fresh) {
        return found->second;
    }
    for_each_child(enumeration.die, enumerator_limit, [list = &found->second](Dwarf_Die child) {
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

std::optional<ByteCount> VariableTypes::size_of(const Type* type, int depth) {
    type = plain(type);
    if (!type || type->size || type->kind != TypeKind::array || depth > type_depth_limit) {
        return type ? type->size : std::nullopt;
    }
    const auto element = size_of(type->target, depth + 1);
    ByteCount size = element.value_or(0);
    for (const Dimension& dimension : type->dimensions) {
        if (!dimension.count || __builtin_mul_overflow(size, *dimension.count, &size)) {
            return std::nullopt;
        }
    }
    return element && !type->dimensions.empty() ? std::optional(size) : std::nullopt;
}

}  // namespace procatlas
