#include "core/inspect/values/program_variables.h"

#include <dwarf.h>

#include <algorithm>
#include <utility>

#include "core/inspect/dwarf/dwarf_attributes.h"
#include "core/inspect/values/go_locals.h"
#include "core/inspect/values/untouched_place.h"

namespace procatlas {
namespace {

constexpr std::size_t global_limit = 10'000;
constexpr std::size_t value_bytes = 262'144;
constexpr int part_depth_limit = 60;

// The number of elements that a variable-length array has in this frame.
std::optional<std::uint64_t> count_elements(const Dimension& dimension, const ExpressionContext& context, Address place,
                                            VariableTypes& types) {
    if (!dimension.dynamic) {
        return std::nullopt;
    }
    Dwarf_Attribute bound = *dimension.dynamic;
    const bool is_count = dwarf_whatattr(&bound) == DW_AT_count;
    ByteCount size = sizeof(std::uint64_t);
    Dwarf_Die holder;
    if (dwarf_formref_die(&bound, &holder)) {  // a variable that the compiler has made for the bound
        const auto location = attribute_of(holder, DW_AT_location);
        const Type* type = VariableTypes::plain(types.type_of(holder));
        const bool number = type && (type->kind == TypeKind::unsigned_integer || type->kind == TypeKind::signed_integer);
        if (!location || !number || !type->why_not.empty() || type->size.value_or(0) > size || type->reversed) {
            return std::nullopt;
        }
        size = *type->size;
        bound = *location;
    }
    const Location found = evaluate(expression_at(bound, place), context, &bound);
    std::optional<std::uint64_t> value;
    if (found.kind == Location::Kind::memory && dwarf_whatattr(&bound) == DW_AT_location) {
        std::uint64_t number = 0;
        value = context.process.read(found.number, &number, size) ? std::optional(number) : std::nullopt;
    } else if (found.kind == Location::Kind::memory || found.kind == Location::Kind::value) {
        value = found.number;
    }
    constexpr std::uint64_t sensible = 1ull << 40;
    if (!value || *value + 1 > sensible) {
        return std::nullopt;
    }
    return is_count ? *value : *value + 1;
}

// Turns "int []" into "int [3]" if the 3 is known only at run time.
void tell_counts(const Type* type, const CountElements& count, std::string& text) {
    std::size_t at = 0;
    for (const Dimension& dimension : type ? type->dimensions : std::vector<Dimension>()) {
        const auto number = dimension.dynamic ? count(dimension) : std::nullopt;
        at = text.find("[]", at);
        if (number && at != text.npos) {
            text.insert(at + 1, std::to_string(*number));
        }
    }
}

}  // namespace

ProgramVariables::ProgramVariables(DwarfModules& modules, const ProgramInfo& program, OwnCode& own_code)
    : modules_(modules), program_(program), own_code_(own_code), types_(program.units()), spots_(program, own_code, types_) {}

void ProgramVariables::fill(const ValueSources& sources, const Type* type, const Location& location,
                            const FrameRegisters* registers, Variable& variable) {
    const Type* plain = VariableTypes::plain(type);
    const auto size = size_in_frame(sources, plain);
    variable.size = size.value_or(0);
    std::string bytes;
    std::optional<Address> at;
    const std::size_t wanted = std::min<ByteCount>(variable.size, value_bytes);
    switch (location.kind) {
        case Location::Kind::memory:
            variable.address = location.number;
            at = location.number;
            bytes = sources.process.read_some(location.number, wanted);
            break;
        case Location::Kind::in_register: {
            const auto value = registers ? registers->get(location.number) : std::nullopt;
            if (!value) {
                variable.why_not =
                    location.number > return_address_register ? "in a register that is not read" : "optimised out";
                return;
            }
            bytes.assign(reinterpret_cast<const char*>(&*value), sizeof *value);
            break;
        }
        case Location::Kind::value:
            bytes.assign(reinterpret_cast<const char*>(&location.number), sizeof location.number);
            break;
        case Location::Kind::bytes:
            bytes = location.bytes;
            break;
        case Location::Kind::nowhere:
            variable.why_not = location.why_not;
            return;
    }
    if (!plain) {
        variable.why_not = "its type is not in the debug information";
    } else if (!plain->why_not.empty()) {
        variable.why_not = plain->why_not;
    } else if (!size) {
        variable.why_not = plain->kind == TypeKind::array ? "its length is not known here" : "its size is not known";
    } else if (bytes.size() < wanted) {
        variable.why_not = at ? "its memory cannot be read" : "only a part of it is in the debug information or in a register";
    } else {
        bytes.resize(wanted);
        DecodedContainers decoded(bytes);
        if (auto text = value_text(sources, type, {bytes, at}, decoded)) {
            variable.value = std::move(*text);
            variable.leads_to = pointers_in(sources, type, {bytes, at}, decoded);
        } else {
            variable.why_not = text.error().message;
        }
    }
}

namespace {

Location place_of(CodeSpot::Local local, const ExpressionContext& context) {
    if (!local.why_not.empty()) {
        return {Location::Kind::nowhere, 0, {}, local.why_not};
    }
    if (!local.expression.empty()) {
        const Location place = evaluate(local.expression, context, local.location ? &*local.location : nullptr);
        return local.behind_pointer ? pointed_to(place, context) : place;
    }
    if (local.constant) {
        Dwarf_Block block{};
        if (const auto number = constant_in(*local.constant)) {
            return {Location::Kind::value, *number, {}, {}};
        }
        if (dwarf_formblock(&*local.constant, &block) == 0) {
            return {Location::Kind::bytes, 0, {reinterpret_cast<const char*>(block.data), block.length}, {}};
        }
        return {Location::Kind::nowhere, 0, {}, "its constant is told in a way that is not understood"};
    }
    return {Location::Kind::nowhere, 0, {}, "optimised out"};
}

std::optional<Address> frame_base_of(const CodeSpot& spot, const ExpressionContext& context) {
    std::optional<Dwarf_Attribute> attribute = spot.frame_base_attribute;
    const Location base = evaluate(spot.frame_base, context, attribute ? &*attribute : nullptr);
    if (base.kind == Location::Kind::in_register) {
        return context.registers->get(base.number);
    }
    const bool found = base.kind == Location::Kind::memory || base.kind == Location::Kind::value;
    return found ? std::optional(base.number) : std::nullopt;
}

}  // namespace

std::vector<Variable> ProgramVariables::locals_of(StoppedProcess& process, const CodeSpot& spot,
                                                  const std::vector<CodeSpot::Local>& locals, const FrameRegisters& registers,
                                                  Address cfa) {
    ExpressionContext context{process, &registers, cfa, std::nullopt, program_.bias(), std::nullopt};
    context.frame_base = frame_base_of(spot, context);
    const Address place = spot.lookup - program_.bias();
    const ValueSources sources{process, modules_, types_,
                               [&](const Dimension& d) { return count_elements(d, context, place, types_); }, program_.bias()};
    std::vector<Variable> variables;
    variables.reserve(locals.size());
    for (const CodeSpot::Local& local : locals) {
        Variable& variable = variables.emplace_back();
        variable.name = local.name;
        variable.type = local.type_text;
        variable.parameter = local.parameter;
        tell_counts(local.type, sources.count, variable.type);
        fill(sources, local.type, place_of(local, context), &registers, variable);
        const AddressRange so_far{spot.line_start, spot.lookup};
        if (!local.no_value_yet.empty() && (!local.on_this_line || is_untouched(process, so_far, variable, registers, cfa))) {
            variable.why_not = local.no_value_yet;
            variable.leads_to.clear();
        }
    }
    return variables;
}

// Go's library has thousands of variables, and the compiler makes more, in whose names a dot follows that of the package. The
// name of a package is a path, whose last part has no dot.
bool ProgramVariables::is_own_of_go(const std::string& name) {
    const std::size_t slash = name.rfind('/');
    const std::size_t end = name.find('.', slash == name.npos ? 0 : slash);
    return name.find("..") == name.npos && own_code_.is_own_package(name.substr(0, end));
}

const std::vector<ProgramVariables::Global>& ProgramVariables::global_list(StoppedProcess& process) {
    if (globals_) {
        return *globals_;
    }
    std::vector<Global>& list = globals_.emplace();
    for (const StaticInfo& one : program_.statics()) {
        auto attribute = attribute_of(one.die, DW_AT_location);
        const bool wanted = speaks_go(one.die) ? is_own_of_go(one.name) : !is_rust_vtable(one.name);
        if (!attribute || !wanted || list.size() >= global_limit) {
            continue;
        }
        const ExpressionContext context{process, nullptr, std::nullopt, std::nullopt, program_.bias(), std::nullopt};
        const auto address = address_in_block(*attribute);
        const Location place = address ? Location{Location::Kind::memory, *address + program_.bias(), {}, {}}
                                       : evaluate(expression_at(*attribute, 0), context, &*attribute);
        const Type* type = types_.type_of(one.die);
        const bool in_memory = place.kind == Location::Kind::memory;
        const bool odd_order = number_of(one.die, DW_AT_endianity).value_or(DW_END_default) != DW_END_default;
        list.push_back({one.name, types_.text_of(type), type, in_memory ? place.number : 0,
                        odd_order                             ? "its bytes are in an order that is not understood"
                        : in_memory || !place.why_not.empty() ? place.why_not
                                                              : "its place is not understood"});
    }
    std::ranges::stable_sort(list, {}, &Global::address);
    const auto twice =
        std::ranges::unique(list, [](const Global& a, const Global& b) { return a.address == b.address && a.name == b.name; });
    list.erase(twice.begin(), twice.end());
    return list;
}

std::vector<Variable> ProgramVariables::globals(StoppedProcess& process) {
    const ValueSources sources{process, modules_, types_, nullptr, program_.bias()};
    std::vector<Variable> variables;
    for (const Global& global : global_list(process)) {
        Variable& variable = variables.emplace_back();
        variable.name = global.name;
        variable.type = global.type_text;
        const bool placed = global.why_not.empty();
        fill(sources, global.type,
             {placed ? Location::Kind::memory : Location::Kind::nowhere, global.address, {}, global.why_not}, nullptr,
             variable);
    }
    return variables;
}

// "[3]", ".x", "[1].name", or "+2" for a byte inside something without parts.
std::string ProgramVariables::part_at(const Type* type, ByteCount offset, int depth) {
    const std::string rest = offset == 0 ? "" : "+" + std::to_string(offset);
    type = VariableTypes::plain(type);
    if (!type || depth > part_depth_limit) {
        return rest;
    }
    if (type->kind == TypeKind::structure && type->why_not.empty()) {
        for (const Member& member : types_.members_of(*type).fixed) {
            const ByteCount size = VariableTypes::size_of(member.type).value_or(0);
            const bool plain = member.bit_size == 0 && !member.place && member.why_not.empty();
            if (plain && offset >= member.offset && offset - member.offset < size) {
                const std::string dot = member.name.empty() || member.base_class ? "" : "." + member.name;
                return dot + part_at(member.type, offset - member.offset, depth + 1);
            }
        }
        return rest;
    }
    const ByteCount size = VariableTypes::size_of(type->target).value_or(0);
    if (type->kind != TypeKind::array || !type->why_not.empty() || size == 0 || !VariableTypes::size_of(type)) {
        return rest;
    }
    std::string indices;
    ByteCount index = offset / size;
    for (auto d = type->dimensions.rbegin(); d != type->dimensions.rend(); ++d) {
        const bool outermost = std::next(d) == type->dimensions.rend();
        const std::uint64_t count = d->count.value_or(0);
        const std::uint64_t here = outermost || count == 0 ? index : index % count;
        indices = "[" + std::to_string(here) + "]" + indices;
        index = outermost || count == 0 ? 0 : index / count;
    }
    return indices + part_at(type->target, offset % size, depth + 1);
}

std::optional<std::string> ProgramVariables::global_at(StoppedProcess& process, Address address) {
    for (const Global& global : global_list(process)) {
        if (global.why_not.empty() && address >= global.address &&
            address - global.address < VariableTypes::size_of(global.type).value_or(0)) {
            return global.name + part_at(global.type, address - global.address, 0);
        }
    }
    return std::nullopt;
}

}  // namespace procatlas
