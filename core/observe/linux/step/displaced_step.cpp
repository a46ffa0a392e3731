#include "core/observe/linux/step/displaced_step.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <tuple>

namespace procatlas {
namespace {

using Byte = std::uint8_t;

bool is_prefix(Byte byte) {
    constexpr std::array<Byte, 11> prefixes{0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65, 0x66, 0x67, 0xf0, 0xf2, 0xf3};
    return std::ranges::find(prefixes, byte) != prefixes.end();
}

bool is_between(Byte byte, Byte first, Byte last) {
    return first <= byte && byte <= last;
}

enum class Form { unknown, plain, with_operand, relative_jump, relative_call, absolute_jump };
struct Opcode {
    Form form = Form::unknown;
    std::size_t size = 1;
    bool group_5 = false;  // 0xff: inc, dec, call, jmp, push by the operand's middle bits
};

// Opcodes after 0x0f (Intel SDM, volume 2, appendix A).
Opcode two_byte_opcode(Byte op, Byte next) {
    if (op == 0x38 || op == 0x3a) {
        return {Form::with_operand, 3};
    }
    if (is_between(op, 0x80, 0x8f)) {
        return {Form::relative_jump, 2};
    }
    if (op == 0x05 || op == 0x07 || op == 0x34 || op == 0x35 || (op == 0xc7 && next >= 0xc0 && (next & 0x38) == 0)) {
        return {};
    }
    const bool without_operand = op == 0x06 || op == 0x08 || op == 0x09 || op == 0x0b || is_between(op, 0x30, 0x37) ||
                                 op == 0x77 || is_between(op, 0xa0, 0xa2) || is_between(op, 0xa8, 0xaa) ||
                                 is_between(op, 0xc8, 0xcf);
    return {without_operand ? Form::plain : Form::with_operand, 2};
}

Opcode opcode_of(const Byte* at) {
    const Byte op = at[0];
    if (op == 0x0f) {
        return two_byte_opcode(at[1], at[2]);
    }
    if (op == 0xc5) {  // VEX and EVEX
        return {at[2] == 0x77 ? Form::plain : Form::with_operand, 3};
    }
    if (op == 0xc4 || op == 0x62) {
        return {Form::with_operand, op == 0xc4 ? std::size_t{4} : std::size_t{5}};
    }
    if (is_between(op, 0x70, 0x7f) || is_between(op, 0xe0, 0xe3) || op == 0xe9 || op == 0xeb) {
        return {Form::relative_jump};
    }
    if (op == 0xe8) {
        return {Form::relative_call};
    }
    if (op == 0xc2 || op == 0xc3) {
        return {Form::absolute_jump};
    }
    if (op == 0xff) {
        return {Form::with_operand, 1, true};
    }
    const bool group = op == 0x63 || op == 0x69 || op == 0x6b || is_between(op, 0x80, 0x8f) || op == 0xc0 || op == 0xc1 ||
                       op == 0xc6 || op == 0xc7 || is_between(op, 0xd0, 0xd3) || is_between(op, 0xd8, 0xdf) || op == 0xf6 ||
                       op == 0xf7 || op == 0xfe;
    if (group || (op < 0x40 && (op & 7) < 4)) {
        return {Form::with_operand};
    }
    const bool plain = (op < 0x40 && (op & 7) < 6) || is_between(op, 0x50, 0x5f) || op == 0x68 || op == 0x6a ||
                       is_between(op, 0x90, 0x9d) || is_between(op, 0xa4, 0xbf) || is_between(op, 0xa0, 0xa3) || op == 0xc8 ||
                       op == 0xc9 || op == 0xd7 || op == 0xf4 || op == 0xf5 || op == 0xf8 || op == 0xf9 || op == 0xfc ||
                       op == 0xfd;
    return {plain && op != 0x9a && op != 0x9c ? Form::plain : Form::unknown};
}

// An operand relative to the program counter: the distance shrinks by as much as the instruction moves.
bool move_operand(Breakpoints::Code& code, std::size_t at, Address from, Address to) {
    std::int32_t distance = 0;
    if (at + sizeof distance > code.size()) {
        return false;
    }
    std::memcpy(&distance, code.data() + at, sizeof distance);
    const std::int64_t moved = distance + static_cast<std::int64_t>(from - to);
    if (moved < std::numeric_limits<std::int32_t>::min() || moved > std::numeric_limits<std::int32_t>::max()) {
        return false;
    }
    distance = static_cast<std::int32_t>(moved);
    std::memcpy(code.data() + at, &distance, sizeof distance);
    return true;
}

}  // namespace

std::optional<DisplacedInstruction> displace_instruction(const Breakpoints::Code& code, Address from, Address to) {
    constexpr std::size_t most_prefixes = 5;
    constexpr std::size_t longest_opcode = 5;
    std::size_t at = 0;
    while (at < most_prefixes && is_prefix(code[at])) {
        ++at;
    }
    at += is_between(code[at], 0x40, 0x4f) ? 1 : 0;  // REX
    static_assert(most_prefixes + 1 + longest_opcode < std::tuple_size_v<Breakpoints::Code>);
    const Opcode opcode = opcode_of(code.data() + at);
    DisplacedInstruction displaced{code};
    switch (opcode.form) {
        case Form::unknown:
            return std::nullopt;
        case Form::plain:
        case Form::relative_jump:
            return displaced;
        case Form::relative_call:
            displaced.pushed_address_moves = true;
            return displaced;
        case Form::absolute_jump:
            displaced.program_counter_moves = false;
            return displaced;
        case Form::with_operand:
            break;
    }
    at += opcode.size;
    const Byte operand = code[at];
    const Byte middle = (operand >> 3) & 7;
    if (opcode.group_5) {
        constexpr Byte call = 2;
        constexpr Byte far_call = 3;
        constexpr Byte jump = 4;
        constexpr Byte far_jump = 5;
        if (middle == far_call || middle == far_jump) {
            return std::nullopt;
        }
        displaced.program_counter_moves = middle != call && middle != jump;
        displaced.pushed_address_moves = middle == call;
    }
    const bool relative = (operand & 0xc7) == 0x05;
    if (relative && !move_operand(displaced.code, at + 1, from, to)) {
        return std::nullopt;
    }
    return displaced;
}

}  // namespace procatlas
