// Displaced stepping: one instruction of x86-64 is changed so that a copy of it can be executed at another address. A thread
// gets over a breakpoint so while the breakpoint stays in for all other threads. Pure: bytes in, bytes out.
#pragma once

#include <optional>

#include "core/base/address.h"
#include "core/observe/linux/step/breakpoints.h"

namespace procatlas {

struct DisplacedInstruction {
    Breakpoints::Code code{};
    // What the copy leaves relative to its own address, to be corrected after the step.
    bool program_counter_moves = true;
    bool pushed_address_moves = false;  // the word that the stack pointer points at: a call's return address
};

// `code` stands at `from`; the copy is to be executed at `to`. nullopt: it cannot be displaced, or the instruction is not known
// (a system call, for example, may block for ever, and meanwhile nobody else could use the room).
[[nodiscard]] std::optional<DisplacedInstruction> displace_instruction(const Breakpoints::Code& code, Address from, Address to);

}  // namespace procatlas
