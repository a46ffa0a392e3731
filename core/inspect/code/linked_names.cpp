#include "core/inspect/code/linked_names.h"

#include <gelf.h>

#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace procatlas {
namespace {

constexpr std::size_t most_slots = 100'000;
constexpr std::size_t longest_name = 1000;

// The slot whose address a stub jumps to: `endbr64`, `bnd` and then `jmp [rip + n]`.
std::optional<Address> slot_of_stub(std::string_view code, Address address) {
    const std::size_t before = code.size();
    for (const std::string_view prefix : {std::string_view("\xF3\x0F\x1E\xFA"), std::string_view("\xF2")}) {
        code.remove_prefix(code.starts_with(prefix) ? prefix.size() : 0);
    }
    constexpr std::size_t jump_size = 6;
    if (!code.starts_with("\xFF\x25") || code.size() < jump_size) {
        return std::nullopt;
    }
    std::int32_t distance = 0;
    std::memcpy(&distance, code.data() + 2, sizeof distance);
    return address + (before - code.size()) + jump_size + static_cast<Address>(std::int64_t{distance});
}

void add_slots(Elf* elf, Elf_Scn* section, const GElf_Shdr& header, Address bias,
               std::unordered_map<Address, std::string>& slots) {
    Elf_Scn* symbols = elf_getscn(elf, header.sh_link);
    GElf_Shdr symbols_header;
    Elf_Data* data = elf_getdata(section, nullptr);
    Elf_Data* symbol_data = symbols ? elf_getdata(symbols, nullptr) : nullptr;
    if (!data || !symbol_data || !gelf_getshdr(symbols, &symbols_header) || header.sh_entsize == 0) {
        return;
    }
    const std::size_t count = data->d_size / header.sh_entsize;
    for (std::size_t i = 0; i < count && slots.size() < most_slots; ++i) {
        GElf_Rela relocation;
        GElf_Sym symbol;
        if (!gelf_getrela(data, static_cast<int>(i), &relocation)) {
            return;
        }
        const auto type = GELF_R_TYPE(relocation.r_info);
        if ((type != R_X86_64_JUMP_SLOT && type != R_X86_64_GLOB_DAT) ||
            !gelf_getsym(symbol_data, static_cast<int>(GELF_R_SYM(relocation.r_info)), &symbol)) {
            continue;
        }
        if (const char* name = elf_strptr(elf, symbols_header.sh_link, symbol.st_name); name && *name != '\0') {
            slots.emplace(relocation.r_offset + bias, std::string_view(name).substr(0, longest_name));
        }
    }
}

}  // namespace

const LinkedNames::Slots& LinkedNames::slots_of(Dwfl_Module* module) {
    const auto [found, fresh] = slots_.try_emplace(module);
    Dwarf_Addr bias = 0;
    Elf* elf = fresh ? dwfl_module_getelf(module, &bias) : nullptr;
    for (Elf_Scn* section = elf ? elf_nextscn(elf, nullptr) : nullptr; section; section = elf_nextscn(elf, section)) {
        GElf_Shdr header;
        if (gelf_getshdr(section, &header) && header.sh_type == SHT_RELA) {
            add_slots(elf, section, header, bias, found->second);
        }
    }
    return found->second;
}

std::string LinkedNames::name_at(Address address) {
    constexpr std::size_t longest_stub = 11;
    Dwfl_Module* module = modules_.at(address);
    if (!module) {
        return {};
    }
    const Slots& slots = slots_of(module);
    if (const auto slot = slots.find(address); slot != slots.end()) {
        return slot->second + "@got";
    }
    const auto through = slot_of_stub(modules_.file_bytes(address, longest_stub), address);
    const auto slot = through ? slots.find(*through) : slots.end();
    return slot == slots.end() ? std::string() : slot->second + "@plt";
}

}  // namespace procatlas
