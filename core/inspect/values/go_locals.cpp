#include "core/inspect/values/go_locals.h"

#include <dwarf.h>

#include "core/inspect/dwarf/dwarf_attributes.h"

namespace procatlas {

std::string declared_behind(std::uint64_t line) {
    return "it is declared on line " + std::to_string(line) + ", and has a value only behind it";
}

// A name that begins with & is of a variable that lies on the heap, because it outlives the function or is shared with another.
void read_go_local(Dwarf_Die die, const CodeSpot& spot, std::uint32_t first_line, VariableTypes& types,
                   CodeSpot::Local& local) {
    const Type* kind = VariableTypes::go_type(local.type);
    if (local.name.starts_with('&') && kind && kind->go == GoKind::pointer && kind->target) {
        local.name.erase(0, 1);
        local.behind_pointer = true;
        local.type = kind->target;
        local.type_text = types.text_of(local.type);
    }
    if (local.name.starts_with('.')) {
        local.name.clear();  // made by the compiler: what a generic function gets beside its parameters
        return;
    }
    const bool result = has_flag(die, DW_AT_variable_parameter);
    local.parameter = local.parameter && !result;
    if (result && local.name.starts_with('~')) {
        local.why_not = "it is set when the function returns";
        return;
    }
    // What a function literal takes from around it has the line of the literal, and is there from its start.
    const bool taken = local.behind_pointer && spot.function->name.find(".func") != std::string::npos &&
                       number_of(die, DW_AT_decl_line) == first_line;
    // Where a list says when it lies where, the list knows; else it has its place before it has its value.
    const auto declared = number_of(die, DW_AT_decl_line);
    const bool always = local.location && dwarf_whatform(&*local.location) == DW_FORM_exprloc;
    if (!taken && declared && always && dwarf_tag(&die) == DW_TAG_variable && spot.line.line != 0 &&
        spot.line.line <= *declared) {
        local.why_not = declared_behind(*declared);
    }
}

// Where the pointer at `place` leads.
Location pointed_to(const Location& place, const ExpressionContext& context) {
    std::optional<Address> to;
    switch (place.kind) {
        case Location::Kind::memory:
            to = context.process.value_at<Address>(place.number);
            break;
        case Location::Kind::in_register:
            to = context.registers ? context.registers->get(place.number) : std::nullopt;
            break;
        case Location::Kind::value:
            to = place.number;
            break;
        case Location::Kind::bytes:
        case Location::Kind::nowhere:
            break;
    }
    if (to && *to != 0) {
        return {Location::Kind::memory, *to, {}, {}};
    }
    const std::string why = !place.why_not.empty() ? place.why_not : to ? "it does not exist yet" : "optimised out";
    return {Location::Kind::nowhere, 0, {}, why};
}

}  // namespace procatlas
