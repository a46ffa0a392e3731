// Goes from one stack frame to its caller's by the call frame information of the code (DWARF 5, 6.4).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/base/result.h"
#include "core/inspect/dwarf/dwarf_expression.h"
#include "core/inspect/dwarf/dwarf_modules.h"

namespace procatlas {

struct UnwoundFrame {
    Address cfa = 0;
    bool signal = false;                   // the kernel made this frame for a signal handler: no code called it
    std::optional<FrameRegisters> caller;  // nullopt: the outermost frame
};

class FrameUnwinder {
public:
    explicit FrameUnwinder(DwarfModules& modules) : modules_(modules) {}

    // Unwinds the frame with these registers. `lookup` is the address whose rules apply: the program counter, or the byte
    // before it if it is a return address.
    [[nodiscard]] Result<UnwoundFrame> unwind(StoppedProcess& process, const FrameRegisters& registers, Address lookup);

private:
    struct RegisterRule {
        enum class Kind { undefined, same, saved, offset, expression };
        Kind kind = Kind::undefined;
        std::int64_t number = 0;  // the register is saved at CFA + number, or equals it
        std::vector<Dwarf_Op> expression;
    };
    struct Rules {
        std::vector<Dwarf_Op> cfa;  // empty: unknown
        std::array<RegisterRule, 17> registers;
        bool signal = false;
    };

    const Rules& rules_at(Address address);
    Rules read_rules(Address address);
    static RegisterRule read_register(Dwarf_Frame* frame, int number);
    static std::optional<std::uint64_t> recover(const RegisterRule& rule, std::uint64_t number, const FrameRegisters& registers,
                                                const ExpressionContext& context);

    DwarfModules& modules_;
    std::unordered_map<Address, Rules> rules_;
};

}  // namespace procatlas
