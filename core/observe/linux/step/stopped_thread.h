// Registers and words of memory of one thread that is in a ptrace stop.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <optional>

#include "core/base/address.h"
#include "core/model/grain.h"

namespace procatlas {

// Whether breakpoints and single steps are known for this machine.
#if defined(__x86_64__)
inline constexpr bool grain_supported = true;
#else
inline constexpr bool grain_supported = false;
#endif

// Numbers in `Registers` (System V ABI, AMD64).
inline constexpr std::size_t result_register = 0;  // rax
inline constexpr std::size_t stack_register = 7;   // rsp
inline constexpr std::size_t program_register = 16;

// nullopt: it is gone, or the machine is not known.
[[nodiscard]] std::optional<Registers> read_registers(pid_t tid);
bool set_program_counter(pid_t tid, Address address);
bool set_stack_pointer(pid_t tid, Address address);

// A word of memory, private to the process once it was written: permissions do not matter, a shared mapping is refused.
[[nodiscard]] std::optional<std::uint64_t> peek(pid_t tid, Address address);
bool poke(pid_t tid, Address address, std::uint64_t word);

// One byte, by way of the aligned word that it is in: no page beside its own is touched.
[[nodiscard]] std::optional<std::uint8_t> peek_byte(pid_t tid, Address address);
bool poke_byte(pid_t tid, Address address, std::uint8_t byte);

}  // namespace procatlas
