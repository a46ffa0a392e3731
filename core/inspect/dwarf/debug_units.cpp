#include "core/inspect/dwarf/debug_units.h"

#include <dwarf.h>
#include <gelf.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "core/inspect/dwarf/dwarf_attributes.h"
#include "core/model/inside.h"

namespace procatlas {
namespace {

constexpr std::size_t unit_limit = 1'000'000;
constexpr std::size_t file_name_limit = 1000;

Elf_Scn* section_named(Elf* elf, std::string_view wanted) {
    std::size_t names = 0;
    if (elf_getshdrstrndx(elf, &names) != 0) {
        return nullptr;
    }
    for (Elf_Scn* section = elf_nextscn(elf, nullptr); section; section = elf_nextscn(elf, section)) {
        GElf_Shdr header;
        const char* name = gelf_getshdr(section, &header) ? elf_strptr(elf, names, header.sh_name) : nullptr;
        if (name && name == wanted && header.sh_type != SHT_NOBITS) {
            return section;
        }
    }
    return nullptr;
}

// The text at the start of a section.
std::string text_of_section(Elf_Scn* section) {
    const Elf_Data* data = elf_rawdata(section, nullptr);
    if (!data || !data->d_buf) {
        return {};
    }
    const std::string_view whole(static_cast<const char*>(data->d_buf), data->d_size);
    return std::string(whole.substr(0, std::min(whole.find('\0'), file_name_limit)));
}

std::string why_no_units(Dwfl_Module* module) {
    const char* message = dwfl_errmsg(-1);
    Dwarf_Addr bias = 0;
    Elf* elf = module ? dwfl_module_getelf(module, &bias) : nullptr;
    if (!elf) {
        return "its file cannot be opened";
    }
    if (section_named(elf, ".debug_info") || section_named(elf, ".zdebug_info")) {
        return std::string(of_debug_information) + "cannot be read: " + (message ? message : "it is damaged");
    }
    if (Elf_Scn* link = section_named(elf, ".gnu_debuglink")) {
        return std::string(of_debug_information) + "is in another file, " + text_of_section(link) +
               ", and that is not beside it, in .debug or in /usr/lib/debug, or is of another build";
    }
    return std::string(no_debug_information);
}

std::string name_of_split_file(Dwarf_Die head) {
    for (const unsigned name : {DW_AT_dwo_name, DW_AT_GNU_dwo_name}) {
        auto attribute = attribute_of(head, name);
        if (const char* text = attribute ? dwarf_formstring(&*attribute) : nullptr) {
            return std::string(std::string_view(text).substr(0, file_name_limit));
        }
    }
    return {};
}

// libdw reads a package of .dwo files since elfutils 0.191.
std::string why_not_split(Dwfl_Module* module, Dwarf_Die head) {
    const char* file = nullptr;
    dwfl_module_info(module, nullptr, nullptr, nullptr, nullptr, nullptr, &file, nullptr);
    const std::string package = std::string(file ? file : "") + ".dwp";
    if (file && ::access(package.c_str(), F_OK) == 0) {
        return std::string(of_debug_information) + "is in " + package + ", which this version of libdw does not read";
    }
    return std::string(of_debug_information) + "is in the file " + name_of_split_file(head) +
           ", and that cannot be found, or is of another build";
}

}  // namespace

DebugUnits read_debug_units(Dwfl_Module* module) {
    DebugUnits found;
    Dwarf_Addr bias = 0;
    Dwarf* dwarf = module ? dwfl_module_getdwarf(module, &bias) : nullptr;
    if (!dwarf) {
        found.why_part = why_no_units(module);
        return found;
    }
    found.bias = bias;
    Dwarf_CU* at = nullptr;
    DebugUnits::Unit unit;
    Dwarf_Die split;
    std::uint8_t kind = 0;
    while (found.units.size() < unit_limit && dwarf_get_units(dwarf, at, &at, nullptr, &kind, &unit.head, &split) == 0) {
        if (kind == DW_UT_skeleton && dwarf_tag(&split) != DW_TAG_compile_unit) {
            found.why_part = why_not_split(module, unit.head);
            unit.content = unit.head;
        } else {
            unit.content = kind == DW_UT_skeleton ? split : unit.head;
        }
        if (dwarf_tag(&unit.head) != DW_TAG_invalid) {
            found.units.push_back(unit);
        }
    }
    if (found.units.empty()) {
        found.why_part = why_no_units(module);
    }
    return found;
}

}  // namespace procatlas
