// Evaluates DWARF expressions: where a variable is, what the canonical frame address is (DWARF 5, 2.5 and 2.6).
#pragma once

#include <elfutils/libdw.h>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "core/base/address.h"
#include "core/inspect/memory/stopped_process.h"
#include "core/model/grain.h"

namespace procatlas {

// The registers of one frame, as far as the inner frames have preserved them.
struct FrameRegisters {
    Registers values{};
    std::uint32_t known = 0;  // one bit for each register

    [[nodiscard]] std::optional<std::uint64_t> get(std::uint64_t number) const {
        const bool has = number < values.size() && ((known >> number) & 1u) != 0;
        return has ? std::optional(values[number]) : std::nullopt;
    }
    void set(std::uint64_t number, std::uint64_t value) {
        values[number] = value;
        known |= 1u << number;
    }
    bool operator==(const FrameRegisters&) const = default;
};

inline constexpr std::uint64_t stack_pointer_register = 7;
inline constexpr std::uint64_t return_address_register = 16;

struct ExpressionContext {
    StoppedProcess& process;
    const FrameRegisters* registers = nullptr;  // null: not in a frame
    std::optional<Address> cfa;
    std::optional<Address> frame_base;
    Address bias = 0;               // added to an address of the file, gives the address in the process
    std::optional<Address> object;  // what the expression begins with: the address of the object whose member it locates
};

struct Location {
    enum class Kind { memory, in_register, value, bytes, nowhere };
    Kind kind = Kind::nowhere;
    std::uint64_t number = 0;  // address, register or value
    std::string bytes;         // an implicit value
    std::string why_not;
};

using Expression = std::span<const Dwarf_Op>;

// The expression of `attribute` that is valid at an address of the file; empty: none.
[[nodiscard]] Expression expression_at(Dwarf_Attribute& attribute, Address address);

// The address (of the file) that a location of one DW_OP_addr is, where it is written as a block, as Go does: libdw reads only
// those of DWARF 3 so. nullopt: it is another one.
[[nodiscard]] std::optional<Address> address_in_block(Dwarf_Attribute location);
// Whether the expression is the address of something in the program's file.
[[nodiscard]] bool is_fixed_address(Expression expression);

// `attribute` contains the expression; some operations need it. It may be null.
[[nodiscard]] Location evaluate(Expression expression, const ExpressionContext& context, Dwarf_Attribute* attribute);

}  // namespace procatlas
