#include "core/inspect/elf/program_kind.h"

#include <elf.h>
#include <unistd.h>

#include <cstring>

#include "core/inspect/elf/elf_image.h"

namespace procatlas {

std::string why_not_looked_into(pid_t pid) {
    const auto file = open_regular_file("/proc/" + std::to_string(pid) + "/exe");
    Elf64_Ehdr header{};  // begins as the header of 32 bits does
    if (!file || ::pread(file->get(), &header, sizeof header, 0) < static_cast<ssize_t>(sizeof(Elf32_Ehdr)) ||
        std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0) {
        return {};
    }
    if (header.e_ident[EI_CLASS] == ELFCLASS32) {
        return "it is a 32-bit program, and only 64-bit ones are looked into";
    }
    return header.e_machine == EM_X86_64 ? "" : "it is a program for another kind of processor";
}

}  // namespace procatlas
