#include "core/inspect/values/code_spots.h"

#include <dwarf.h>

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "core/inspect/dwarf/dwarf_attributes.h"
#include "core/inspect/values/go_locals.h"

namespace procatlas {
namespace {

constexpr std::size_t spots_kept = 20'000;
constexpr std::size_t local_limit = 1000;
constexpr std::size_t inlined_limit = 100;
constexpr std::size_t block_child_limit = 100'000;
constexpr int block_depth_limit = 1000;  // in Rust each `let` begins a block

// A static variable, or one of another file: it is listed with the globals. (An optimised local one may have a fixed address
// too, but only for a part of the code.)
bool lies_elsewhere(Dwarf_Die die, std::optional<Dwarf_Attribute> location) {
    Dwarf_Op* ops = nullptr;
    std::size_t count = 0;
    const bool fixed = location && dwarf_getlocation(&*location, &ops, &count) == 0 && is_fixed_address({ops, count});
    return fixed || has_attribute(die, DW_AT_declaration) || has_attribute(die, DW_AT_external);
}

// A block of which the compiler has left no code: as gdb does, its variables are taken for those of the block around it.
bool has_no_extent(Dwarf_Die block) {
    return !has_attribute(block, DW_AT_low_pc) && !has_attribute(block, DW_AT_high_pc) && !has_attribute(block, DW_AT_ranges);
}

std::optional<Dwarf_Die> abstract_origin_of(Dwarf_Die die) {
    Dwarf_Attribute attribute;
    Dwarf_Die origin;
    const bool has = dwarf_attr(&die, DW_AT_abstract_origin, &attribute) && dwarf_formref_die(&attribute, &origin);
    return has ? std::optional(origin) : std::nullopt;
}

// The blocks and constants of an abstract function, or of a block of it, of which this instance has no code, and so leaves out.
std::vector<Dwarf_Die> children_left_out(Dwarf_Die instance) {
    std::vector<Dwarf_Die> left_out;
    const auto origin = abstract_origin_of(instance);
    if (!origin) {
        return left_out;
    }
    std::unordered_set<const void*> here;
    for_each_child(instance, block_child_limit, [&](Dwarf_Die child) {
        if (const auto of = abstract_origin_of(child)) {
            here.insert(of->addr);
        }
    });
    for_each_child(*origin, block_child_limit, [&](Dwarf_Die child) {
        const bool constant = dwarf_tag(&child) == DW_TAG_variable && has_attribute(child, DW_AT_const_value);
        if ((constant || dwarf_tag(&child) == DW_TAG_lexical_block) && !here.contains(child.addr)) {
            left_out.push_back(child);
        }
    });
    return left_out;
}

}  // namespace

CodeSpots::CodeSpots(const ProgramInfo& program, OwnCode& own_code, VariableTypes& types)
    : program_(program), own_code_(own_code), types_(types) {}

// At its first instruction a function that is inlined is only about to be entered, as a call is; but where a library calls the
// student's function, the student's line is the one that says something.
bool CodeSpots::is_about_to_enter(Dwarf_Die inlined, const SourceLine& called_at, const CodeSpot& spot) {
    Dwarf_Addr entry = 0;
    if (dwarf_entrypc(&inlined, &entry) != 0 || entry != spot.lookup - program_.bias()) {
        return false;
    }
    return own_code_.is_own_path(called_at.file) || !own_code_.is_own_path(spot.line.file);
}

CodeSpot::Local CodeSpots::read_local(Dwarf_Die die, CodeSpot& spot) {
    const Address lookup = spot.lookup;
    CodeSpot::Local local;
    local.name = entry_name(die);
    local.parameter = dwarf_tag(&die) == DW_TAG_formal_parameter;
    local.location = attribute_of(die, DW_AT_location);
    if (local.location) {
        Dwarf_Op* ops = nullptr;
        std::size_t count = 0;
        const int found = dwarf_getlocation_addr(&*local.location, lookup - program_.bias(), &ops, &count, 1);
        if (found == 1) {
            local.expression = Expression(ops, count);
        } else if (found < 0) {
            local.why_not = "its location is told in a way that is not understood";
        }
    }
    local.constant = attribute_of(die, DW_AT_const_value);
    if (number_of(die, DW_AT_endianity).value_or(DW_END_default) != DW_END_default) {
        local.why_not = "its bytes are in an order that is not understood";
    }
    if (!lies_elsewhere(die, local.location)) {
        local.type = types_.type_of(die);
        local.type_text = types_.text_of(local.type);
        tell_no_value_yet(die, spot, local);
        if (speaks_go(die)) {
            read_go_local(die, spot, program_.line_at(*spot.function, spot.function->entry).line, types_, local);
        }
    } else {
        local.name.clear();
    }
    return local;
}

// In C and C++ a name is known from its declaration on, so nothing can have given the variable a value before it. Not where the
// compiler may have changed the order of the lines.
void CodeSpots::tell_no_value_yet(Dwarf_Die die, CodeSpot& spot, CodeSpot::Local& local) const {
    const auto declared = number_of(die, DW_AT_decl_line);
    const bool always = local.location && dwarf_whatform(&*local.location) == DW_FORM_exprloc;
    if (!always || !declared || dwarf_tag(&die) != DW_TAG_variable || has_flag(die, DW_AT_artificial) || spot.line.line == 0 ||
        spot.line.line > *declared || !(speaks_c(die) || speaks_cpp(die)) || is_optimised(spot.function->die)) {
        return;
    }
    const char* file = dwarf_decl_file(&die);
    if (!file || source_path(file, spot.function->unit) != spot.line.file) {
        return;
    }
    local.on_this_line = spot.line.line == *declared;
    if (local.on_this_line && spot.line_start == 0) {
        spot.line_start = program_.line_start(*spot.function, spot.lookup);
    }
    local.no_value_yet = declared_behind(*declared);
}

void CodeSpots::add_locals(Dwarf_Die block, CodeSpot& spot, std::vector<CodeSpot::Local>& locals, const BlockCode& code,
                           int depth) {
    if (depth > block_depth_limit) {
        return;
    }
    const auto add_local = [&](Dwarf_Die die) {
        auto local = read_local(die, spot);
        const bool told = code.any || local.location || local.constant;
        if (told && !local.name.empty() && locals.size() < local_limit) {
            local.why_not = code.why_not.empty() ? local.why_not : code.why_not;
            locals.push_back(std::move(local));
        }
    };
    std::vector<std::pair<Dwarf_Die, BlockCode>> inner;  // blocks
    for_each_child(block, block_child_limit, [&](Dwarf_Die child) {
        const int tag = dwarf_tag(&child);
        if (tag == DW_TAG_formal_parameter || tag == DW_TAG_variable) {
            add_local(child);
        } else if (tag == DW_TAG_lexical_block || tag == DW_TAG_inlined_subroutine) {
            const int has = dwarf_haspc(&child, spot.lookup - program_.bias());
            if (has == 1 || (has != 0 && tag == DW_TAG_lexical_block)) {
                inner.emplace_back(child, has == 1 ? code : BlockCode{"the extent of its block is not understood", code.any});
            } else if (tag == DW_TAG_lexical_block && has_no_extent(child)) {
                inner.emplace_back(child, BlockCode{code.why_not, false});
            }
        }
    });
    for (Dwarf_Die& inherited : children_left_out(block)) {
        if (dwarf_tag(&inherited) == DW_TAG_variable) {
            add_local(inherited);
        } else {
            inner.emplace_back(inherited, BlockCode{code.why_not, false});
        }
    }
    for (auto& [one, code_of_one] : inner) {
        if (dwarf_tag(&one) == DW_TAG_lexical_block) {
            add_locals(one, spot, locals, code_of_one, depth + 1);
            continue;
        }
        const SourceLine called_at = ProgramInfo::call_of(*spot.function, one);
        if (is_about_to_enter(one, called_at, spot)) {
            spot.line = called_at;
        } else if (spot.inlined.size() < inlined_limit) {
            CodeSpot::Inlined& added = spot.inlined.emplace_back(program_.name_of_inlined(one), called_at);
            std::vector<CodeSpot::Local> own;
            const std::size_t index = static_cast<std::size_t>(&added - spot.inlined.data());
            add_locals(one, spot, own, code_of_one, depth + 1);
            std::ranges::stable_partition(own, &CodeSpot::Local::parameter);
            spot.inlined[index].locals = std::move(own);
        }
    }
}

CodeSpot CodeSpots::read(const FunctionInfo& function, Address lookup) {
    CodeSpot spot;
    spot.function = &function;
    spot.lookup = lookup;
    spot.line = program_.line_at(function, lookup);
    spot.frame_base_attribute = attribute_of(function.die, DW_AT_frame_base);
    if (spot.frame_base_attribute) {
        spot.frame_base = expression_at(*spot.frame_base_attribute, lookup - program_.bias());
    }
    std::vector<CodeSpot::Local> locals;
    const std::uint32_t line = spot.line.line;
    add_locals(function.die, spot, locals, {}, 0);
    spot.locals = std::move(locals);
    if (!spot.inlined.empty() || spot.line.line != line) {  // the line is of another function than the variables
        const auto clear = [](CodeSpot::Local& local) { local.no_value_yet.clear(); };
        std::ranges::for_each(spot.locals, clear);
        for (CodeSpot::Inlined& inlined : spot.inlined) {
            std::ranges::for_each(inlined.locals, clear);
        }
    }
    std::ranges::stable_partition(spot.locals, &CodeSpot::Local::parameter);
    return spot;
}

const CodeSpot* CodeSpots::at(Address lookup) {
    const FunctionInfo* function = program_.function_at(lookup);
    if (!function) {
        return nullptr;
    }
    if (spots_.size() > spots_kept) {
        spots_.clear();
    }
    const auto [found, fresh] = spots_.try_emplace(lookup);
    if (fresh) {
        found->second = read(*function, lookup);
    }
    return &found->second;
}

}  // namespace procatlas
