#include <dwarf.h>

#include <string_view>

#include "core/inspect/dwarf/dwarf_attributes.h"
#include "core/inspect/dwarf/template_text.h"
#include "core/inspect/dwarf/variable_types.h"

namespace procatlas {
namespace {

constexpr int type_text_depth = 100;
constexpr std::size_t type_text_length = 1000;
constexpr std::size_t parameter_limit = 10'000;

std::string_view qualifier_of(int tag) {
    return tag == DW_TAG_const_type      ? "const"
           : tag == DW_TAG_volatile_type ? "volatile"
           : tag == DW_TAG_restrict_type ? "restrict"
                                         : "_Atomic";
}

std::string class_of_member_pointer(Dwarf_Die pointer) {
    auto attribute = attribute_of(pointer, DW_AT_containing_type);
    Dwarf_Die holder;
    return attribute && dwarf_formref_die(&*attribute, &holder) ? entry_name(holder) : std::string();
}

}  // namespace

std::string VariableTypes::parameters_text(const Type& function, int depth) {
    std::string text;
    bool any = false;
    for_each_child(function.die, parameter_limit, [&](Dwarf_Die child) {
        const int tag = dwarf_tag(&child);
        if ((tag != DW_TAG_formal_parameter && tag != DW_TAG_unspecified_parameters) || text.size() > type_text_length) {
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
    if (depth > type_text_depth || inner.size() > type_text_length) {
        return named("...");
    }
    const auto wrapped = [&](const std::string& mark) {
        const bool binds = type->target && (type->target->kind == TypeKind::array || type->target->kind == TypeKind::function);
        const std::string marked = mark + inner;
        return text_of(type->target, binds ? "(" + marked + ")" : marked, depth + 1);
    };
    Dwarf_Die die = type->die;
    if (inner.empty() && speaks_go(die) && !type->name.empty()) {
        return type->name;  // "*main.Point", "[3]int": as Go writes it
    }
    if (type->rust && !type->name.empty()) {
        return named(without_rust_paths(type->name));
    }
    if (type->rust && inner.empty() && type->kind == TypeKind::array && type->dimensions.size() == 1 &&
        type->dimensions[0].count) {
        return "[" + text_of(type->target, {}, depth + 1) + "; " + std::to_string(*type->dimensions[0].count) + "]";
    }
    if (dwarf_tag(&die) == DW_TAG_ptr_to_member_type) {
        return wrapped(class_of_member_pointer(die) + "::*");
    }
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
            if (behind) {
                return text_of(type->target, " " + word + (inner.empty() ? "" : " " + inner), depth + 1);
            }
            const std::string rest = text_of(type->target, inner, depth + 1);
            return rest.starts_with(word + " ") ? rest : word + " " + rest;  // gcc qualifies a constant array and its elements
        }
        case TypeKind::none:
        case TypeKind::signed_integer:
        case TypeKind::unsigned_integer:
        case TypeKind::character:
        case TypeKind::unsigned_character:
        case TypeKind::boolean:
        case TypeKind::floating:
        case TypeKind::complex:
        case TypeKind::enumeration:
        case TypeKind::structure:
        case TypeKind::alias:
        case TypeKind::unknown:
            break;
    }
    const bool of_template = type->name.ends_with('>');  // also one that this unit only declares
    return named(type->name.empty() ? "{unknown type}" : of_template ? without_default_arguments(type->name) : type->name);
}

}  // namespace procatlas
