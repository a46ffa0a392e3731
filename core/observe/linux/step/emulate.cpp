#include "core/observe/linux/step/emulate.h"

#include <algorithm>
#include <array>
#include <span>

#include "core/observe/linux/step/stopped_thread.h"

namespace procatlas {

std::size_t idle_instruction_size(const Breakpoints::Code& code) {
    constexpr std::array<std::uint8_t, 4> endbr64{0xf3, 0x0f, 0x1e, 0xfa};
    constexpr std::uint8_t nop = 0x90;
    if (std::ranges::equal(endbr64, std::span(code).first(endbr64.size()))) {
        return endbr64.size();
    }
    return code[0] == nop ? 1 : 0;
}

bool emulate(pid_t tid, const Breakpoints::Code& code, CodePlace place, const Registers& registers) {
    constexpr Address page = 4096;
    constexpr std::uint8_t push_frame_pointer = 0x55;
    constexpr std::size_t frame_register = 6;
    const Address pc = registers[program_register];
    const Address sp = registers[stack_register];
    if (const std::size_t size = idle_instruction_size(code); size != 0) {
        return set_program_counter(tid, pc + size);
    }
    const Address pushed = sp - sizeof(Address);
    // The call has just written to this page. The next one may be the guard of the stack: we could write there, the thread
    // could not.
    if (code[0] != push_frame_pointer || place != CodePlace::function_entry || pushed / page != sp / page) {
        return false;
    }
    return poke(tid, pushed, registers[frame_register]) && set_stack_pointer(tid, pushed) && set_program_counter(tid, pc + 1);
}

}  // namespace procatlas
