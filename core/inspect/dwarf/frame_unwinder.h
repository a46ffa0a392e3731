// From one frame of a stack to the next outer one, by the call frame information of the code (DWARF 5, 6.4).
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
    bool signal = false;                   // made by the kernel for a signal handler: its caller did not call
    std::optional<FrameRegisters> caller;  // nullopt: the outermost frame
};

class FrameUnwinder {
public:
    explicit FrameUnwinder(DwarfModules& modules) : modules_(modules) {}

    // The frame whose registers are `registers`; `lookup` is the address whose rules hold: the program counter, or a byte
    // before it where that is a return address.
    [[nodiscard]] Result<UnwoundFrame> unwind(StoppedProcess& process, const FrameRegisters& registers, Address lookup);

private:
    struct RegisterRule {
        enum class Kind { undefined, same, saved, offset, expression };
        Kind kind = Kind::undefined;
        std::int64_t number = 0;  // saved at, or equal to, the CFA and this
        std::vector<Dwarf_Op> expression;
    };
    struct Rules {
        std::vector<Dwarf_Op> cfa;  // empty: not known
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
