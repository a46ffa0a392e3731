// One instruction of x86-64, made fit to be executed at another address than its own: so a thread passes a breakpoint that the
// others go on running into.
#pragma once

#include <optional>
#include <span>

#include "core/base/address.h"
#include "core/observe/linux/step/breakpoints.h"

namespace procatlas {

struct DisplacedInstruction {
    Breakpoints::Code code{};
    // What is an address relative to the copy afterwards, and must be one relative to the original.
    bool program_counter_moves = true;
    bool pushed_address_moves = false;  // the word that the stack pointer points at: a call's return address
};

// `code` stands at `from` and is to be executed at `to`. nullopt: it cannot be, or nobody knows (a system call, for one, may
// block for ever, and what is behind it is executed by others too).
[[nodiscard]] std::optional<DisplacedInstruction> displace_instruction(const Breakpoints::Code& code, Address from, Address to);

// How many bytes an instruction has that does nothing (endbr64 and nop, as compilers make them); 0: it is another.
[[nodiscard]] std::size_t idle_instruction_size(const Breakpoints::Code& code);

}  // namespace procatlas
