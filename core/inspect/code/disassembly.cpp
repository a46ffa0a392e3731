#include "core/inspect/code/disassembly.h"

#include <capstone/capstone.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

namespace procatlas {
namespace {

constexpr std::size_t longest_instruction = 15;
constexpr std::size_t mnemonic_width = 6;  // as in objdump

class Disassembler {
public:
    Disassembler() : open_(cs_open(CS_ARCH_X86, CS_MODE_64, &handle_) == CS_ERR_OK) {
        if (open_) {
            cs_option(handle_, CS_OPT_DETAIL, CS_OPT_ON);
        }
    }
    Disassembler(const Disassembler&) = delete;
    Disassembler& operator=(const Disassembler&) = delete;
    ~Disassembler() {
        if (open_) {
            cs_close(&handle_);
        }
    }
    // nullopt: the bytes are no instruction.
    std::optional<Instruction> first(std::string_view bytes, Address address) {
        cs_insn* found = nullptr;
        const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
        if (!open_ || cs_disasm(handle_, data, bytes.size(), address, 1, &found) != 1) {
            return std::nullopt;
        }
        Instruction instruction;
        instruction.address = address;
        instruction.size = found->size;
        instruction.text = found->mnemonic;
        const std::string_view operands(found->op_str);
        if (!operands.empty()) {
            instruction.text.resize(std::max(instruction.text.size(), mnemonic_width), ' ');
            instruction.text.append(1, ' ').append(operands);
        }
        instruction.target = target_of(*found);
        cs_free(found, 1);
        return instruction;
    }

private:
    // What it jumps to, calls, or names relative to itself; 0: nothing.
    [[nodiscard]] Address target_of(const cs_insn& found) const {
        const bool goes = cs_insn_group(handle_, &found, CS_GRP_JUMP) || cs_insn_group(handle_, &found, CS_GRP_CALL);
        const cs_x86& x86 = found.detail->x86;
        for (std::size_t i = 0; i < x86.op_count; ++i) {
            const cs_x86_op& operand = x86.operands[i];
            if (goes && operand.type == X86_OP_IMM) {
                return static_cast<Address>(operand.imm);
            }
            if (operand.type == X86_OP_MEM && operand.mem.base == X86_REG_RIP) {
                return found.address + found.size + static_cast<Address>(operand.mem.disp);
            }
        }
        return 0;
    }

    csh handle_ = 0;
    bool open_;
};

}  // namespace

std::vector<Instruction> disassemble(std::string_view bytes, Address address, std::size_t most) {
    Disassembler disassembler;
    std::vector<Instruction> instructions;
    while (!bytes.empty() && instructions.size() < most) {
        auto instruction = disassembler.first(bytes.substr(0, longest_instruction), address);
        if (!instruction && bytes.size() < longest_instruction && !instructions.empty()) {
            break;  // the last instruction may be cut off
        }
        if (!instruction) {
            instruction.emplace();
            instruction->address = address;
            instruction->size = 1;
            instruction->text = "(bad)";
        }
        bytes.remove_prefix(instruction->size);
        address += instruction->size;
        instructions.push_back(std::move(*instruction));
    }
    return instructions;
}

}  // namespace procatlas
