#include "core/inspect/dwarf/dwarf_attributes.h"

#include <dwarf.h>

#include <string>
#include <string_view>

namespace procatlas {

std::string entry_name(Dwarf_Die die) {
    constexpr std::size_t longest = 1000;
    const char* name = dwarf_diename(&die);
    return name ? std::string(std::string_view(name).substr(0, longest)) : std::string();
}

namespace {

// Go writes expressions as blocks, which libdw refuses from DWARF 4 on. A short block has the same bytes as an expression.
void make_expression(Dwarf_Attribute& attribute) {
    Dwarf_Die unit;
    Dwarf_Half version = 0;
    Dwarf_Block block{};
    constexpr Dwarf_Word shortest_two_byte_length = 128;
    const bool modern =
        dwarf_cu_die(attribute.cu, &unit, &version, nullptr, nullptr, nullptr, nullptr, nullptr) && version >= 4;
    if (modern && dwarf_formblock(&attribute, &block) == 0 && block.length < shortest_two_byte_length) {
        attribute.form = DW_FORM_exprloc;
    }
}

}  // namespace

std::optional<Dwarf_Attribute> attribute_of(Dwarf_Die die, unsigned name) {
    Dwarf_Attribute attribute;
    if (!dwarf_attr_integrate(&die, name, &attribute)) {
        return std::nullopt;
    }
    if ((name == DW_AT_location || name == DW_AT_frame_base) && attribute.form == DW_FORM_block1) {
        make_expression(attribute);
    }
    return attribute;
}

std::optional<std::uint64_t> constant_in(Dwarf_Attribute attribute) {
    Dwarf_Word value = 0;
    Dwarf_Sword with_sign = 0;
    switch (dwarf_whatform(&attribute)) {
        case DW_FORM_sdata:
        case DW_FORM_implicit_const:
            return dwarf_formsdata(&attribute, &with_sign) == 0 ? std::optional(static_cast<std::uint64_t>(with_sign))
                                                                : std::nullopt;
        case DW_FORM_data1:
        case DW_FORM_data2:
        case DW_FORM_data4:
        case DW_FORM_data8:
        case DW_FORM_udata:
            return dwarf_formudata(&attribute, &value) == 0 ? std::optional(value) : std::nullopt;
        default:
            return std::nullopt;
    }
}

std::optional<std::uint64_t> number_of(Dwarf_Die die, unsigned name) {
    const auto attribute = attribute_of(die, name);
    return attribute ? constant_in(*attribute) : std::nullopt;
}

bool has_flag(Dwarf_Die die, unsigned name) {
    auto attribute = attribute_of(die, name);
    bool flag = false;
    return attribute && dwarf_formflag(&*attribute, &flag) == 0 && flag;
}

bool has_attribute(Dwarf_Die die, unsigned name) {
    return dwarf_hasattr(&die, name) != 0;
}

int language_of(Dwarf_Die die) {
    if (!die.cu) {  // a type that no entry describes, such as void
        return 0;
    }
    Dwarf_Die unit;
    const int language = dwarf_diecu(&die, &unit, nullptr, nullptr) ? dwarf_srclang(&unit) : 0;
    return language > 0 ? language : 0;
}

bool speaks_cpp(Dwarf_Die die) {
    constexpr int cpp_17 = 0x2a;  // newer than some releases of the header
    constexpr int cpp_20 = 0x2b;
    switch (language_of(die)) {
        case DW_LANG_C_plus_plus:
        case DW_LANG_C_plus_plus_03:
        case DW_LANG_C_plus_plus_11:
        case DW_LANG_C_plus_plus_14:
        case cpp_17:
        case cpp_20:
            return true;
        default:
            return false;
    }
}

bool speaks_c(Dwarf_Die die) {
    constexpr int c_17 = 0x2c;  // newer than some releases of the header
    constexpr int c_23 = 0x3e;
    switch (language_of(die)) {
        case DW_LANG_C:
        case DW_LANG_C89:
        case DW_LANG_C99:
        case DW_LANG_C11:
        case c_17:
        case c_23:
            return true;
        default:
            return false;
    }
}

bool is_optimised(Dwarf_Die function) {
    Dwarf_Die unit;
    Dwarf_Attribute attribute;
    const bool told = dwarf_diecu(&function, &unit, nullptr, nullptr) && dwarf_attr(&unit, DW_AT_producer, &attribute);
    const char* const text = told ? dwarf_formstring(&attribute) : nullptr;
    const std::string_view producer = text ? text : "";
    if (producer.starts_with("GNU ")) {
        const std::size_t last = producer.rfind(" -O");  // the last option counts
        return last != producer.npos && !producer.substr(last).starts_with(" -O0");
    }
    if (producer.starts_with("Go cmd/compile")) {
        return producer.find(" -N") == producer.npos;
    }
    return producer.find("clang version") != producer.npos && has_flag(function, DW_AT_call_all_calls);
}

}  // namespace procatlas
