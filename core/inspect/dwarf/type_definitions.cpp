#include "core/inspect/dwarf/type_definitions.h"

#include <dwarf.h>

#include <cstdlib>
#include <memory>

#include "core/inspect/dwarf/dwarf_attributes.h"

namespace procatlas {
namespace {

constexpr std::size_t listed_entry_limit = 5'000'000;  // the largest programs have a few million
constexpr std::size_t children_of_one_limit = 1'000'000;
constexpr std::size_t compared_definition_limit = 100;
constexpr int nesting_limit = 60;
constexpr std::string_view not_there = "its definition is not in the debug information";

bool is_type_with_members(int tag) {
    return tag == DW_TAG_structure_type || tag == DW_TAG_class_type || tag == DW_TAG_union_type ||
           tag == DW_TAG_enumeration_type;
}

// A class may be declared as a struct.
char family_of(int tag) {
    return tag == DW_TAG_union_type ? 'u' : tag == DW_TAG_enumeration_type ? 'e' : 's';
}

// clang can leave the arguments of a template out of its name: then many types have one name.
bool lacks_arguments(Dwarf_Die die, const std::string& name) {
    bool any = false;
    for_each_child(die, children_of_one_limit, [&](Dwarf_Die child) {
        const int tag = dwarf_tag(&child);
        any = any || tag == DW_TAG_template_type_parameter || tag == DW_TAG_template_value_parameter ||
              tag == DW_TAG_GNU_template_parameter_pack || tag == DW_TAG_GNU_template_template_param;
    });
    return any && name.find('<') == name.npos;
}

// Everything that decides where the parts of a value lie, as text.
std::string layout_of(Dwarf_Die die) {
    constexpr std::string_view separator = ";";
    std::string text = std::to_string(number_of(die, DW_AT_byte_size).value_or(~0ull));
    for_each_child(die, children_of_one_limit, [&](Dwarf_Die child) {
        const int tag = dwarf_tag(&child);
        if (tag != DW_TAG_member && tag != DW_TAG_inheritance && tag != DW_TAG_enumerator) {
            return;
        }
        text.append(separator).append(entry_name(child));
        for (const unsigned name : {DW_AT_data_member_location, DW_AT_data_bit_offset, DW_AT_bit_size, DW_AT_const_value}) {
            text.append(",").append(std::to_string(number_of(child, name).value_or(~0ull)));
        }
        auto type = attribute_of(child, DW_AT_type);
        Dwarf_Die target;
        if (type && dwarf_formref_die(&*type, &target)) {
            text.append(",").append(std::to_string(dwarf_tag(&target))).append(entry_name(target));
        }
    });
    return text;
}

}  // namespace

std::string name_with_scopes(Dwarf_Die type) {
    Dwarf_Attribute completed;
    Dwarf_Die declaration;
    if (dwarf_attr(&type, DW_AT_specification, &completed) && dwarf_formref_die(&completed, &declaration)) {
        type = declaration;  // it stands in the namespace
    }
    Dwarf_Die* found = nullptr;
    const int count = dwarf_getscopes_die(&type, &found);
    const std::unique_ptr<Dwarf_Die, decltype(&std::free)> scopes(found, &std::free);
    std::string name;
    for (int i = 0; i < count; ++i) {
        Dwarf_Die& scope = found[i];
        const int tag = dwarf_tag(&scope);
        if (tag == DW_TAG_compile_unit || tag == DW_TAG_type_unit || tag == DW_TAG_partial_unit) {
            break;
        }
        const std::string own = entry_name(scope);
        if ((tag != DW_TAG_namespace && !is_type_with_members(tag)) || own.empty()) {
            return {};
        }
        name = name.empty() ? own : own + "::" + name;
    }
    return name;
}

std::string function_name_with_scopes(Dwarf_Die function) {
    constexpr int most_hops = 4;  // from an inlined copy to the abstract function, and from there to the declaration in a class
    for (int hops = 0; hops < most_hops; ++hops) {
        Dwarf_Attribute attribute;
        Dwarf_Die next;
        if ((!dwarf_attr(&function, DW_AT_abstract_origin, &attribute) &&
             !dwarf_attr(&function, DW_AT_specification, &attribute)) ||
            !dwarf_formref_die(&attribute, &next)) {
            break;
        }
        function = next;
    }
    Dwarf_Die* found = nullptr;
    const int count = dwarf_getscopes_die(&function, &found);
    const std::unique_ptr<Dwarf_Die, decltype(&std::free)> scopes(found, &std::free);
    std::string name = entry_name(function);
    for (int i = 1; i < count && !name.empty(); ++i) {
        const int tag = dwarf_tag(&found[i]);
        const std::string own = tag == DW_TAG_namespace || is_type_with_members(tag) ? entry_name(found[i]) : std::string();
        name = own.empty() ? name : own + "::" + name;
    }
    return name;
}

void TypeDefinitions::list(Dwarf_Die parent, const std::string& scope, int depth) {
    constexpr std::size_t longest_scope = 1000;
    if (depth > nesting_limit || scope.size() > longest_scope) {
        return;
    }
    for_each_child(parent, listed_entry_limit, [&](Dwarf_Die child) {
        const int tag = dwarf_tag(&child);
        const bool type = is_type_with_members(tag);
        if (++visited_ > listed_entry_limit || (tag != DW_TAG_namespace && !type)) {
            return;
        }
        const std::string own = entry_name(child);
        if (own.empty()) {
            return;
        }
        const bool elsewhere = type && has_attribute(child, DW_AT_specification);
        const std::string name = elsewhere ? name_with_scopes(child) : scope.empty() ? own : scope + "::" + own;
        if (type && !has_attribute(child, DW_AT_declaration) && !has_attribute(child, DW_AT_signature)) {
            (*by_name_)[family_of(tag) + name].push_back(child);
        }
        list(child, name, depth + 1);
    });
}

void TypeDefinitions::list_all() {
    by_name_.emplace();
    for (const Dwarf_Die& unit : units_) {
        list(unit, {}, 0);
    }
}

Result<Dwarf_Die> TypeDefinitions::find(Dwarf_Die declaration) {
    const std::string name = name_with_scopes(declaration);
    if (name.empty() || lacks_arguments(declaration, name)) {
        return fail(std::string(not_there));
    }
    return find_in_family(family_of(dwarf_tag(&declaration)), name);
}

Result<Dwarf_Die> TypeDefinitions::find_class(const std::string& name) {
    return find_in_family(family_of(DW_TAG_class_type), name);
}

Result<Dwarf_Die> TypeDefinitions::find_in_family(char family, const std::string& name) {
    if (!by_name_) {
        list_all();
    }
    const auto found = by_name_->find(family + name);
    if (found == by_name_->end() || visited_ > listed_entry_limit) {
        return fail(std::string(not_there));
    }
    const std::vector<Dwarf_Die>& definitions = found->second;
    const std::string layout = layout_of(definitions.front());
    for (std::size_t i = 0; i < definitions.size() && i < compared_definition_limit; ++i) {
        if (lacks_arguments(definitions[i], name)) {
            return fail(std::string(not_there));
        }
        if (layout_of(definitions[i]) != layout) {
            return fail("the program has several types of its name");
        }
    }
    return definitions.front();
}

}  // namespace procatlas
