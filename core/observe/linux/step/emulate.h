// Emulating the instructions that functions begin with, so that a thread gets over a breakpoint there without a step: quicker,
// and no other thread can run through the address meanwhile.
#pragma once

#include <sys/types.h>

#include <cstddef>

#include "core/model/grain.h"
#include "core/observe/linux/step/breakpoints.h"

namespace procatlas {

// So many bytes of code tell whether an instruction is one of those.
inline constexpr std::size_t emulated_size = 4;

// The size in bytes of an instruction that does nothing (endbr64 and nop, as compilers make them); 0: it is another one.
[[nodiscard]] std::size_t idle_instruction_size(const Breakpoints::Code& code);

enum class CodePlace { function_entry, elsewhere };

// Does what the instruction `code` at the program counter does, by changing the registers and the stack of the stopped thread.
// False: it is none of those that are known here, and nothing was changed.
[[nodiscard]] bool emulate(pid_t tid, const Breakpoints::Code& code, CodePlace place, const Registers& registers);

}  // namespace procatlas
