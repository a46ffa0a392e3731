#include <doctest/doctest.h>

#include <algorithm>
#include <initializer_list>
#include <utility>

#include "core/observe/linux/step/displaced_step.h"

using namespace procatlas;

namespace {

constexpr Address from = 0x401000;
constexpr Address to = 0x400f00;

Breakpoints::Code code_of(std::initializer_list<std::uint8_t> bytes) {
    Breakpoints::Code code{};
    std::ranges::copy(bytes, code.begin());
    return code;
}

}  // namespace

TEST_CASE("an instruction without an address in it is displaced without a change") {
    const auto code = code_of({0x89, 0x7d, 0xec});  // mov %edi,-0x14(%rbp)
    const auto displaced = displace_instruction(code, from, to);
    REQUIRE(displaced);
    CHECK(displaced->code == code);
    CHECK(displaced->program_counter_moves);
    CHECK_FALSE(displaced->pushed_address_moves);
}

TEST_CASE("an operand relative to the program counter leads to the same address from elsewhere") {
    // mov 0x10(%rip),%eax · vmovsd 0x10(%rip),%xmm0 · movss 0x10(%rip),%xmm8 · call *0x10(%rip)
    for (const auto& [code, at] :
         {std::pair{code_of({0x8b, 0x05, 0x10, 0, 0, 0}), 2}, std::pair{code_of({0xc5, 0xfb, 0x10, 0x05, 0x10, 0, 0, 0}), 4},
          std::pair{code_of({0xf3, 0x44, 0x0f, 0x10, 0x05, 0x10, 0, 0, 0}), 5},
          std::pair{code_of({0xff, 0x15, 0x10, 0, 0, 0}), 2}}) {
        const auto displaced = displace_instruction(code, from, to);
        REQUIRE(displaced);
        CHECK(displaced->code[static_cast<std::size_t>(at)] == 0x10);  // 0x110: 0x100 farther
        CHECK(displaced->code[static_cast<std::size_t>(at) + 1] == 0x01);
    }
    CHECK_FALSE(displace_instruction(code_of({0x8b, 0x05, 0x10, 0, 0, 0}), from, from + (Address{1} << 40)));
}

TEST_CASE("calls, returns and jumps say what to fix after the displaced step") {
    const auto call = displace_instruction(code_of({0xe8, 1, 0, 0, 0}), from, to);
    CHECK((call && call->program_counter_moves && call->pushed_address_moves));
    const auto indirect = displace_instruction(code_of({0xff, 0xd0}), from, to);  // call *%rax
    CHECK((indirect && !indirect->program_counter_moves && indirect->pushed_address_moves));
    const auto back = displace_instruction(code_of({0xc3}), from, to);
    CHECK((back && !back->program_counter_moves && !back->pushed_address_moves));
    const auto jump = displace_instruction(code_of({0x0f, 0x84, 1, 0, 0, 0}), from, to);  // je
    CHECK((jump && jump->program_counter_moves && !jump->pushed_address_moves));
}

TEST_CASE("instructions that may block, read flags or are unknown are not displaced") {
    CHECK_FALSE(displace_instruction(code_of({0x0f, 0x05}), from, to));  // syscall
    CHECK_FALSE(displace_instruction(code_of({0x9c}), from, to));        // pushf
    CHECK_FALSE(displace_instruction(code_of({0xcc}), from, to));        // int3
    CHECK_FALSE(displace_instruction(code_of({0xff, 0x18}), from, to));  // lcall *(%rax)
}

TEST_CASE("any bytes get an answer, and no byte beyond them is read") {
    std::uint32_t random = 1;
    for (int i = 0; i < 100'000; ++i) {
        Breakpoints::Code code{};
        for (auto& byte : code) {
            random = random * 1'664'525 + 1'013'904'223;
            byte = static_cast<std::uint8_t>(random >> 24);
        }
        if (i % 2 == 0) {
            std::ranges::fill_n(code.begin(), i % 16, std::uint8_t{0x66});
        }
        (void)displace_instruction(code, from, to);
    }
}
