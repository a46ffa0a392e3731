#include "core/inspect/dwarf/frame_unwinder.h"

#include <dwarf.h>

#include <cstdlib>
#include <memory>

#include "core/base/text.h"

namespace procatlas {
namespace {

constexpr std::size_t rules_kept = 50'000;
constexpr int rax = 0;  // numbers as in the System V ABI for x86-64
constexpr int rbx = 3;

struct Free {
    void operator()(void* memory) const { std::free(memory); }
};

}  // namespace

FrameUnwinder::RegisterRule FrameUnwinder::read_register(Dwarf_Frame* frame, int number) {
    using enum RegisterRule::Kind;
    std::array<Dwarf_Op, 3> memory{};
    Dwarf_Op* ops = nullptr;
    std::size_t count = 0;
    if (dwarf_frame_register(frame, number, memory.data(), &ops, &count) != 0) {
        return {};
    }
    if (count == 0) {
        // What code does not mention, a function keeps or not as the ABI says. libdw's list of the kept ones has rax in the
        // place of rbx.
        const bool kept = number == rbx || (ops == nullptr && number != rax);
        return {kept ? same : undefined, 0, {}};
    }
    const bool at_cfa = ops[0].atom == DW_OP_call_frame_cfa;
    const bool moved = count >= 2 && ops[1].atom == DW_OP_plus_uconst;
    const std::size_t plain = moved ? 2 : 1;
    const std::int64_t distance = moved ? static_cast<std::int64_t>(ops[1].number) : 0;
    if (at_cfa && count == plain) {
        return {saved, distance, {}};
    }
    if (at_cfa && count == plain + 1 && ops[plain].atom == DW_OP_stack_value) {
        return {offset, distance, {}};
    }
    return {expression, 0, {ops, ops + count}};
}

FrameUnwinder::Rules FrameUnwinder::read_rules(Address address) {
    Rules rules;
    Dwfl_Module* module = modules_.at(address);
    if (!module) {
        return rules;
    }
    for (const auto cfi_of : {dwfl_module_eh_cfi, dwfl_module_dwarf_cfi}) {
        Dwarf_Addr bias = 0;
        Dwarf_CFI* cfi = cfi_of(module, &bias);
        Dwarf_Frame* found = nullptr;
        if (!cfi || dwarf_cfi_addrframe(cfi, address - bias, &found) != 0) {
            continue;
        }
        const std::unique_ptr<Dwarf_Frame, Free> frame(found);
        Dwarf_Op* ops = nullptr;
        std::size_t count = 0;
        dwarf_frame_info(frame.get(), nullptr, nullptr, &rules.signal);
        if (dwarf_frame_cfa(frame.get(), &ops, &count) != 0 || count == 0) {
            continue;
        }
        rules.cfa.assign(ops, ops + count);
        for (std::size_t i = 0; i < rules.registers.size(); ++i) {
            rules.registers[i] = read_register(frame.get(), static_cast<int>(i));
        }
        break;
    }
    return rules;
}

const FrameUnwinder::Rules& FrameUnwinder::rules_at(Address address) {
    if (rules_.size() > rules_kept) {
        rules_.clear();
    }
    const auto [found, fresh] = rules_.try_emplace(address);
    if (fresh) {
        found->second = read_rules(address);
    }
    return found->second;
}

std::optional<std::uint64_t> FrameUnwinder::recover(const RegisterRule& rule, std::uint64_t number,
                                                    const FrameRegisters& registers, const ExpressionContext& context) {
    const Address place = *context.cfa + static_cast<std::uint64_t>(rule.number);
    switch (rule.kind) {
        case RegisterRule::Kind::undefined:
            return std::nullopt;
        case RegisterRule::Kind::same:
            return registers.get(number);
        case RegisterRule::Kind::saved:
            return context.process.value_at<std::uint64_t>(place);
        case RegisterRule::Kind::offset:
            return place;
        case RegisterRule::Kind::expression:
            break;
    }
    const Location location = evaluate(rule.expression, context, nullptr);
    switch (location.kind) {
        case Location::Kind::memory:
            return context.process.value_at<std::uint64_t>(location.number);
        case Location::Kind::in_register:
            return registers.get(location.number);
        case Location::Kind::value:
            return location.number;
        case Location::Kind::bytes:
        case Location::Kind::nowhere:
            break;
    }
    return std::nullopt;
}

Result<UnwoundFrame> FrameUnwinder::unwind(StoppedProcess& process, const FrameRegisters& registers, Address lookup) {
    const Rules& rules = rules_at(lookup);
    if (rules.cfa.empty()) {
        return fail("there is no unwind information for the code at 0x" + address_text(lookup));
    }
    ExpressionContext context{process, &registers, std::nullopt, std::nullopt, 0, std::nullopt};
    const Location cfa = evaluate(rules.cfa, context, nullptr);
    if (cfa.kind != Location::Kind::memory) {
        return fail("the frame of the code at 0x" + address_text(lookup) + " cannot be worked out: " + cfa.why_not);
    }
    context.cfa = cfa.number;
    UnwoundFrame frame{cfa.number, rules.signal, std::nullopt};
    const RegisterRule& return_rule = rules.registers[return_address_register];
    if (return_rule.kind == RegisterRule::Kind::undefined) {
        return frame;
    }
    FrameRegisters caller;
    for (std::size_t i = 0; i < rules.registers.size(); ++i) {
        if (const auto value = recover(rules.registers[i], i, registers, context)) {
            caller.set(i, *value);
        }
    }
    if (!caller.get(return_address_register)) {
        return fail("the return address at 0x" + address_text(cfa.number - sizeof(std::uint64_t)) + " cannot be read");
    }
    if (!caller.get(stack_pointer_register)) {
        caller.set(stack_pointer_register, cfa.number);
    }
    if (*caller.get(return_address_register) != 0) {
        frame.caller = caller;
    }
    return frame;
}

}  // namespace procatlas
