#include "core/inspect/code/instruction_starts.h"

#include <capstone/capstone.h>
#include <elfutils/libdw.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace procatlas {

bool is_start_of_code(DwarfModules& modules, Address address) {
    Dwfl_Module* module = modules.at(address);
    Dwarf_Addr bias = 0;
    Dwarf_CFI* cfi = module ? dwfl_module_eh_cfi(module, &bias) : nullptr;
    Dwarf_Frame* found = nullptr;
    if (cfi && dwarf_cfi_addrframe(cfi, address - bias, &found) == 0) {
        const std::unique_ptr<Dwarf_Frame, decltype(&std::free)> frame(found, &std::free);
        Dwarf_Addr start = 0;  // the start of a row; any row, not only the first, starts with an instruction
        return dwarf_frame_info(frame.get(), &start, nullptr, nullptr) >= 0 && start + bias == address;
    }
    const Symbol& symbol = modules.symbol_at(address);
    return !symbol.name.empty() && symbol.offset == 0;
}

#if defined(__x86_64__)

InstructionStarts::InstructionStarts(std::string_view code, Address start) : end_(start) {
    csh handle = 0;
    if (cs_open(CS_ARCH_X86, CS_MODE_64, &handle) != CS_ERR_OK) {
        return;
    }
    cs_insn* instruction = cs_malloc(handle);
    const auto* at = reinterpret_cast<const std::uint8_t*>(code.data());
    std::size_t left = code.size();
    for (std::uint64_t address = start; instruction && cs_disasm_iter(handle, &at, &left, &address, instruction);) {
        starts_.push_back(instruction->address);
        end_ = address;
    }
    cs_free(instruction, 1);
    cs_close(&handle);
}

bool InstructionStarts::may_be(Address address) const {
    return address >= end_ || std::ranges::binary_search(starts_, address);
}

#else  // all instructions have one size

InstructionStarts::InstructionStarts(std::string_view, Address) {}

bool InstructionStarts::may_be(Address address) const {
    constexpr Address instruction_size = 4;
    return address % instruction_size == 0;
}

#endif

}  // namespace procatlas
