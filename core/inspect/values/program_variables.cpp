#include "core/inspect/values/program_variables.h"

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
constexpr std::size_t global_limit = 10'000;
constexpr std::size_t block_child_limit = 100'000;
constexpr std::size_t value_bytes = 262'144;
constexpr int block_depth_limit = 1000;  // in Rust each `let` begins a block
constexpr int part_depth_limit = 60;

// The expression of `attribute` that is valid at an address of the file; empty: none.
Expression expression_at(Dwarf_Attribute& attribute, Address address) {
    Dwarf_Op* ops = nullptr;
    std::size_t count = 0;
    return dwarf_getlocation_addr(&attribute, address, &ops, &count, 1) == 1 ? Expression(ops, count) : Expression();
}

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
    : modules_(modules), program_(program), own_code_(own_code), types_(program.units()) {}

// At its first instruction a function that is inlined is only about to be entered, as a call is; but where a library calls the
// student's function, the student's line is the one that says something.
bool ProgramVariables::is_about_to_enter(Dwarf_Die inlined, const SourceLine& called_at, const CodeSpot& spot) {
    Dwarf_Addr entry = 0;
    if (dwarf_entrypc(&inlined, &entry) != 0 || entry != spot.lookup - program_.bias()) {
        return false;
    }
    return own_code_.is_own_path(called_at.file) || !own_code_.is_own_path(spot.line.file);
}

CodeSpot::Local ProgramVariables::read_local(Dwarf_Die die, CodeSpot& spot) {
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
void ProgramVariables::tell_no_value_yet(Dwarf_Die die, CodeSpot& spot, CodeSpot::Local& local) const {
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

void ProgramVariables::add_locals(Dwarf_Die block, CodeSpot& spot, std::vector<CodeSpot::Local>& locals, const BlockCode& code,
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

CodeSpot ProgramVariables::read_spot(const FunctionInfo& function, Address lookup) {
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

const CodeSpot* ProgramVariables::spot_at(Address lookup) {
    const FunctionInfo* function = program_.function_at(lookup);
    if (!function) {
        return nullptr;
    }
    if (spots_.size() > spots_kept) {
        spots_.clear();
    }
    const auto [found, fresh] = spots_.try_emplace(lookup);
    if (fresh) {
        found->second = read_spot(*function, lookup);
    }
    return &found->second;
}

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

// Whether no instruction in `code` names the variable's place in the frame, which is told from the frame pointer as unoptimised
// code does: by a ModRM byte, perhaps one more, and a displacement. What only looks like one counts too.
bool is_untouched(StoppedProcess& process, AddressRange code, const Variable& variable, const FrameRegisters& registers,
                  Address cfa) {
    constexpr std::uint64_t frame_pointer_register = 6;
    constexpr ByteCount most = 4096;
    constexpr ByteCount saved = 16;  // the caller's frame pointer and the return address
    if (code.start == 0 || code.start > code.end || code.end - code.start > most) {
        return false;
    }
    if (code.empty()) {
        return true;
    }
    const auto frame_pointer = registers.get(frame_pointer_register);
    const std::string bytes = process.read_some(code.start, code.end - code.start);
    if (!frame_pointer || *frame_pointer + saved != cfa || variable.address == 0 || bytes.size() < code.end - code.start) {
        return false;
    }
    const auto byte = [&](std::size_t at) { return at < bytes.size() ? static_cast<std::uint8_t>(bytes[at]) : 0U; };
    const auto names_it = [&](std::int64_t displacement) {
        const Address place = *frame_pointer + static_cast<Address>(displacement);
        return place >= variable.address && place - variable.address < std::max<ByteCount>(variable.size, 1);
    };
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const unsigned form = byte(i) & 0xC7U;
        const bool with_index = (form & 7U) == 4 && (byte(i + 1) & 7U) == 5;
        if ((form & 7U) != 5 && !with_index) {
            continue;
        }
        const std::size_t at = i + (with_index ? 2 : 1);
        const unsigned whole = byte(at) | byte(at + 1) << 8U | byte(at + 2) << 16U | byte(at + 3) << 24U;
        const bool near = (form & 0xC0U) == 0x40;
        const bool far = (form & 0xC0U) == 0x80;
        if ((near && names_it(static_cast<std::int8_t>(byte(at)))) || (far && names_it(static_cast<std::int32_t>(whole)))) {
            return false;
        }
    }
    return true;
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
