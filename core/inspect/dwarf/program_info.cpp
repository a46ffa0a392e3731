#include "core/inspect/dwarf/program_info.h"

#include <dwarf.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "core/inspect/dwarf/debug_units.h"
#include "core/inspect/dwarf/dwarf_attributes.h"
#include "core/inspect/dwarf/dwarf_expression.h"
#include "core/inspect/dwarf/type_definitions.h"

namespace procatlas {
namespace {

// Stops at nonsense: the largest programs have a few million entries.
constexpr std::size_t entry_limit = 5'000'000;
constexpr std::size_t scope_name_limit = 1000;
constexpr std::size_t range_limit = 1000;
constexpr std::size_t row_limit = 4'000'000;
constexpr int scope_depth_limit = 60;

bool is_declaration(Dwarf_Die die) {
    Dwarf_Attribute attribute;
    bool flag = false;
    return dwarf_attr(&die, DW_AT_declaration, &attribute) && dwarf_formflag(&attribute, &flag) == 0 && flag;
}

}  // namespace

std::string source_path(std::string_view file, Dwarf_Die unit) {
    Dwarf_Attribute attribute;
    const char* folder = dwarf_attr(&unit, DW_AT_comp_dir, &attribute) ? dwarf_formstring(&attribute) : nullptr;
    return file.starts_with('/') || !folder ? std::string(file) : std::string(folder) + "/" + std::string(file);
}

ProgramInfo::ProgramInfo(Dwfl_Module* module) {
    DebugUnits found = read_debug_units(module);
    bias_ = found.bias;
    why_part_ = std::move(found.why_part);
    units_.reserve(found.units.size());
    for (const DebugUnits::Unit& unit : found.units) {
        units_.push_back(unit.content);
        visit_children(unit.content, unit.head, {}, 0);
    }
    if (functions_.empty() && why_part_.empty()) {
        why_part_ = "its debug information names no function";
    }
    std::ranges::stable_sort(functions_, {}, [](const FunctionInfo& f) { return f.range.start; });
    declared_.clear();
}

std::string ProgramInfo::qualified(Dwarf_Die die, const std::string& scope) {
    Dwarf_Die origin = die;
    for (int hops = 0; hops < 4; ++hops) {  // from a definition or inlined copy of a member to its declaration in the class
        Dwarf_Attribute attribute;
        Dwarf_Die next;
        if ((!dwarf_attr(&origin, DW_AT_specification, &attribute) &&
             !dwarf_attr(&origin, DW_AT_abstract_origin, &attribute)) ||
            !dwarf_formref_die(&attribute, &next)) {
            break;
        }
        if (const auto found = declared_.find(next.addr); found != declared_.end()) {
            return found->second;
        }
        origin = next;
    }
    const std::string name = entry_name(die);
    return scope.empty() || name.empty() || scope.size() > scope_name_limit ? name : scope + "::" + name;
}

std::string ProgramInfo::name_of_inlined(Dwarf_Die inlined) const {
    Dwarf_Attribute attribute;
    Dwarf_Die origin;
    if (dwarf_attr(&inlined, DW_AT_abstract_origin, &attribute) && dwarf_formref_die(&attribute, &origin)) {
        if (const auto found = inlined_.find(origin.addr); found != inlined_.end()) {
            return found->second;
        }
    }
    return function_name_with_scopes(inlined);
}

void ProgramInfo::visit_children(Dwarf_Die parent, Dwarf_Die unit, const std::string& scope, int depth) {
    Dwarf_Die child;
    if (depth > scope_depth_limit || dwarf_child(&parent, &child) != 0) {
        return;
    }
    do {
        if (++visited_ > entry_limit) {
            return;
        }
        visit(child, unit, scope, depth);
    } while (dwarf_siblingof(&child, &child) == 0);
}

void ProgramInfo::visit(Dwarf_Die die, Dwarf_Die unit, const std::string& scope, int depth) {
    switch (dwarf_tag(&die)) {
        case DW_TAG_subprogram: {
            const std::string name = qualified(die, scope);
            if (is_declaration(die)) {
                declared_[die.addr] = name;
                break;
            }
            add_function(die, unit, name);
            if (dwarf_hasattr(&die, DW_AT_inline) != 0) {
                inlined_[die.addr] = name;
            }
            visit_children(die, unit, name, depth + 1);  // its static variables
            break;
        }
        case DW_TAG_lexical_block:
            visit_children(die, unit, scope, depth + 1);
            break;
        case DW_TAG_namespace:
        case DW_TAG_class_type:
        case DW_TAG_structure_type: {
            const std::string name = entry_name(die);
            const std::string inner = name.empty() || scope.size() > scope_name_limit ? scope
                                      : scope.empty()                                 ? name
                                                                                      : scope + "::" + name;
            visit_children(die, unit, inner, depth + 1);
            break;
        }
        case DW_TAG_member:  // a static member of a class
        case DW_TAG_variable:
            if (is_declaration(die)) {
                declared_[die.addr] = qualified(die, scope);
            } else if (dwarf_tag(&die) == DW_TAG_variable) {
                add_static(die, scope);
            }
            break;
        default:
            break;
    }
}

void ProgramInfo::add_function(Dwarf_Die die, Dwarf_Die unit, const std::string& name) {
    Dwarf_Addr base = 0;
    Dwarf_Addr start = 0;
    Dwarf_Addr end = 0;
    Dwarf_Addr entry = 0;
    bool has_entry = dwarf_entrypc(&die, &entry) == 0;
    std::size_t ranges = 0;
    std::ptrdiff_t at = dwarf_ranges(&die, 0, &base, &start, &end);
    for (; at > 0; at = dwarf_ranges(&die, at, &base, &start, &end)) {
        if (++ranges > range_limit) {
            return;
        }
        if (!has_entry) {  // that of the first range: the others are its cold parts
            has_entry = true;
            entry = start;
        }
        if (start != 0 && start < end) {  // the linker leaves discarded functions at address 0
            functions_.push_back({{start + bias_, end + bias_}, entry + bias_, name, die, unit});
        }
    }
    if (at < 0 && why_part_.empty()) {
        why_part_ = "its debug information places functions in a way that is not understood";
    }
}

void ProgramInfo::add_static(Dwarf_Die die, const std::string& scope) {
    Dwarf_Attribute location;
    Dwarf_Op* ops = nullptr;
    std::size_t count = 0;
    if (!dwarf_attr_integrate(&die, DW_AT_location, &location)) {
        return;
    }
    if (address_in_block(location)) {
        statics_.push_back({qualified(die, scope), die});
        return;
    }
    // The expression of a static variable is a fixed or per-thread address; locals have other expressions.
    if (dwarf_getlocation(&location, &ops, &count) != 0 || count == 0) {
        return;
    }
    const bool fixed = is_fixed_address({ops, count});
    const auto last = ops[count - 1].atom;
    const bool per_thread = last == DW_OP_form_tls_address || last == DW_OP_GNU_push_tls_address;
    if ((fixed || per_thread) && !entry_name(die).empty()) {  // clang also lists string literals, without a name
        statics_.push_back({qualified(die, scope), die});
    }
}

const FunctionInfo* ProgramInfo::function_at(Address address) const {
    auto at = std::ranges::upper_bound(functions_, address, {}, [](const FunctionInfo& f) { return f.range.start; });
    return at != functions_.begin() && std::prev(at)->range.contains(address) ? &*std::prev(at) : nullptr;
}

std::vector<LineRow> ProgramInfo::lines_of(Dwarf_Die unit) const {
    Dwarf_Lines* lines = nullptr;
    std::size_t count = 0;
    std::vector<LineRow> rows;
    if (dwarf_getsrclines(&unit, &lines, &count) != 0 || count > row_limit) {
        return rows;
    }
    rows.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        Dwarf_Line* line = dwarf_onesrcline(lines, i);
        LineRow row;
        int number = 0;
        if (!line || dwarf_lineaddr(line, &row.address) != 0 || dwarf_lineno(line, &number) != 0) {
            continue;
        }
        dwarf_linebeginstatement(line, &row.statement);
        dwarf_lineprologueend(line, &row.prologue_end);
        dwarf_lineendsequence(line, &row.sequence_end);
        row.file = dwarf_linesrc(line, nullptr, nullptr);
        row.line = number > 0 ? static_cast<std::uint32_t>(number) : 0;
        row.address += bias_;
        rows.push_back(row);
    }
    std::ranges::stable_sort(rows, {}, &LineRow::address);
    return rows;
}

SourceLine ProgramInfo::call_of(const FunctionInfo& function, Dwarf_Die inlined) {
    Dwarf_Die unit = function.unit;
    Dwarf_Files* files = nullptr;
    std::size_t count = 0;
    const auto number = number_of(inlined, DW_AT_call_file);
    const auto line = number_of(inlined, DW_AT_call_line);
    if (!number || !line || dwarf_getsrcfiles(&unit, &files, &count) != 0 || *number >= count) {
        return {};
    }
    const char* file = dwarf_filesrc(files, *number, nullptr, nullptr);
    return file ? SourceLine{source_path(file, unit), static_cast<std::uint32_t>(*line)} : SourceLine{};
}

SourceLine ProgramInfo::line_at(const FunctionInfo& function, Address address) const {
    Dwarf_Die unit = function.unit;
    Dwarf_Line* line = dwarf_getsrc_die(&unit, address - bias_);
    int number = 0;
    const char* file = line ? dwarf_linesrc(line, nullptr, nullptr) : nullptr;
    if (!file || dwarf_lineno(line, &number) != 0) {
        return {};
    }
    return {source_path(file, unit), number > 0 ? static_cast<std::uint32_t>(number) : 0};
}

Address ProgramInfo::line_start(const FunctionInfo& function, Address address) const {
    Dwarf_Die unit = function.unit;
    Dwarf_Lines* lines = nullptr;
    std::size_t count = 0;
    int wanted = 0;
    Dwarf_Line* const here = dwarf_getsrc_die(&unit, address - bias_);
    if (!here || dwarf_lineno(here, &wanted) != 0 || dwarf_getsrclines(&unit, &lines, &count) != 0) {
        return 0;
    }
    Address start = 0;
    for (std::size_t i = 0; i < count; ++i) {
        Dwarf_Line* const line = dwarf_onesrcline(lines, i);
        Dwarf_Addr at = 0;
        int number = 0;
        const bool same = dwarf_lineno(line, &number) == 0 && number == wanted && dwarf_lineaddr(line, &at) == 0;
        if (same && function.range.contains(at + bias_) && (start == 0 || at + bias_ < start)) {
            start = at + bias_;
        }
    }
    return start;
}

}  // namespace procatlas
