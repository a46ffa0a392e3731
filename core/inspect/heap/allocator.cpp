#include "core/inspect/heap/allocator.h"

#include <gelf.h>

#include <string_view>

#include "core/base/text.h"

namespace procatlas {
namespace {

bool is_glibc(std::string_view name) {
    return name == "libc.so.6" || name.starts_with("libc-2.");
}

// It has a malloc for itself until libc is there.
bool is_dynamic_loader(std::string_view name) {
    return name.starts_with("ld-linux") || name.starts_with("ld-2.");
}

// A function malloc that other files can be led to.
bool defines_malloc(Elf* elf) {
    for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf, section)) != nullptr;) {
        GElf_Shdr header{};
        Elf_Data* data = nullptr;
        if (!gelf_getshdr(section, &header) || header.sh_type != SHT_DYNSYM || !(data = elf_getdata(section, nullptr))) {
            continue;
        }
        GElf_Sym symbol{};
        for (int i = 0; gelf_getsym(data, i, &symbol); ++i) {
            if (symbol.st_shndx == SHN_UNDEF || GELF_ST_BIND(symbol.st_info) == STB_LOCAL) {
                continue;
            }
            const char* name = elf_strptr(elf, header.sh_link, symbol.st_name);
            if (name && std::string_view(name) == "malloc") {
                return true;
            }
        }
    }
    return false;
}

}  // namespace

std::string why_not_glibc_malloc(const DwarfModules& modules) {
    bool glibc = false;
    for (const ModuleSpan& span : modules.spans()) {
        const std::string_view name = base_name(span.path);
        if (!span.contents.empty() || is_dynamic_loader(name)) {
            continue;  // not a file, or none that serves the program
        }
        if (is_glibc(name)) {
            glibc = true;
            continue;
        }
        Dwfl_Module* module = modules.at(span.range.start);
        GElf_Addr bias = 0;
        Elf* elf = module ? dwfl_module_getelf(module, &bias) : nullptr;
        if (!elf) {
            return "it is not known whose malloc serves this program, because a file cannot be read: " + display_text(name);
        }
        if (defines_malloc(elf)) {
            return "an allocator of its own: its blocks are not known (malloc is that of " + display_text(name) + ")";
        }
    }
    return glibc ? "" : "another allocator than that of a shared glibc serves this program";
}

}  // namespace procatlas
