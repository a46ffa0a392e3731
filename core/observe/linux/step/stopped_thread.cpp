#include "core/observe/linux/step/stopped_thread.h"

#include <sys/ptrace.h>
#include <sys/user.h>

#include <bit>
#include <cerrno>
#include <cstddef>

namespace procatlas {
namespace {

constexpr Address peeked_word_size = sizeof(std::uint64_t);
constexpr unsigned byte_bits = 8;

static_assert(std::endian::native == std::endian::little);

#if defined(__x86_64__)
std::optional<user_regs_struct> read_all(pid_t tid) {
    user_regs_struct regs{};
    return ::ptrace(PTRACE_GETREGS, tid, nullptr, &regs) == 0 ? std::optional(regs) : std::nullopt;
}

bool set_register(pid_t tid, std::size_t offset, std::uint64_t value) {
    return ::ptrace(PTRACE_POKEUSER, tid, offset, value) == 0;
}
#endif

unsigned shift_of(Address address) {
    return static_cast<unsigned>(address % peeked_word_size) * byte_bits;
}

}  // namespace

#if defined(__x86_64__)
std::optional<Registers> read_registers(pid_t tid) {
    const auto r = read_all(tid);
    if (!r) {
        return std::nullopt;
    }
    return Registers{r->rax, r->rdx, r->rcx, r->rbx, r->rsi, r->rdi, r->rbp, r->rsp, r->r8,
                     r->r9,  r->r10, r->r11, r->r12, r->r13, r->r14, r->r15, r->rip};
}

bool set_program_counter(pid_t tid, Address address) {
    return set_register(tid, offsetof(user_regs_struct, rip), address);
}

bool set_stack_pointer(pid_t tid, Address address) {
    return set_register(tid, offsetof(user_regs_struct, rsp), address);
}
#else
std::optional<Registers> read_registers(pid_t) {
    return std::nullopt;
}

bool set_program_counter(pid_t, Address) {
    return false;
}

bool set_stack_pointer(pid_t, Address) {
    return false;
}
#endif

std::optional<std::uint64_t> peek(pid_t tid, Address address) {
    errno = 0;
    const long word = ::ptrace(PTRACE_PEEKDATA, tid, address, nullptr);
    return errno == 0 ? std::optional(static_cast<std::uint64_t>(word)) : std::nullopt;
}

bool poke(pid_t tid, Address address, std::uint64_t word) {
    return ::ptrace(PTRACE_POKEDATA, tid, address, word) == 0;
}

std::optional<std::uint8_t> peek_byte(pid_t tid, Address address) {
    const auto word = peek(tid, address - address % peeked_word_size);
    return word ? std::optional(static_cast<std::uint8_t>(*word >> shift_of(address))) : std::nullopt;
}

bool poke_byte(pid_t tid, Address address, std::uint8_t byte) {
    constexpr std::uint64_t low_byte = 0xff;
    const Address aligned = address - address % peeked_word_size;
    const auto word = peek(tid, aligned);
    const std::uint64_t rest = word.value_or(0) & ~(low_byte << shift_of(address));
    return word && poke(tid, aligned, rest | (std::uint64_t{byte} << shift_of(address)));
}

}  // namespace procatlas
