#include "core/inspect/dwarf/dwarf_expression.h"

#include <dwarf.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace procatlas {
namespace {

constexpr int step_limit = 10'000;
constexpr std::size_t stack_limit = 1024;

class Machine {
public:
    Machine(Expression expression, const ExpressionContext& context, Dwarf_Attribute* attribute)
        : expression_(expression), context_(context), attribute_(attribute) {}

    Location run() {
        if (context_.object) {
            stack_.push_back(*context_.object);
        }
        for (int steps = 0; at_ < expression_.size(); ++steps) {
            if (steps == step_limit || stack_.size() > stack_limit) {
                return nowhere("its location takes too long to work out");
            }
            const Dwarf_Op& op = expression_[at_++];
            if (!(op.atom == DW_OP_piece ? take_piece(op.number) : !done_ && step(op))) {
                return nowhere(why_not_.empty() ? "its location is told in a way that is not understood" : why_not_);
            }
        }
        if (pieces_) {
            return done_ || !stack_.empty()
                       ? nowhere("it lies in several pieces, which are told in a way that is not understood")
                       : Location{Location::Kind::bytes, 0, std::move(*pieces_), {}};
        }
        if (done_) {
            return std::move(*done_);
        }
        if (stack_.empty()) {
            return nowhere("optimised out");
        }
        return {Location::Kind::memory, stack_.back(), {}, {}};
    }

private:
    static Location nowhere(std::string why) { return {Location::Kind::nowhere, 0, {}, std::move(why)}; }

    bool refuse(std::string why) {
        why_not_ = std::move(why);
        return false;
    }
    bool push(std::uint64_t value) {
        stack_.push_back(value);
        return true;
    }
    bool push_sum(std::optional<std::uint64_t> base, std::uint64_t offset) {
        return base ? push(*base + offset) : refuse("optimised out");
    }
    [[nodiscard]] std::optional<std::uint64_t> register_value(std::uint64_t number) const {
        return context_.registers ? context_.registers->get(number) : std::nullopt;
    }
    bool in_register(std::uint64_t number) {
        done_ = Location{Location::Kind::in_register, number, {}, {}};
        return true;
    }

    // What was located so far are the next `size` bytes of the value.
    bool take_piece(std::uint64_t size) {
        constexpr std::uint64_t largest = 65'536;
        if (!done_ && stack_.empty()) {
            return refuse("a part of it is optimised out");
        }
        const auto bytes = size <= largest ? bytes_of_piece(size) : std::nullopt;
        if (!bytes || bytes->size() < size) {
            return refuse(why_not_.empty() ? "a part of it cannot be read" : why_not_);
        }
        pieces_ = pieces_.value_or(std::string()) + bytes->substr(0, size);
        done_.reset();
        stack_.clear();
        return pieces_->size() <= largest;
    }
    std::optional<std::string> bytes_of_piece(std::uint64_t size) {
        if (!done_) {
            return context_.process.read_some(stack_.back(), size);
        }
        const auto word = [](std::uint64_t value) { return std::string(reinterpret_cast<const char*>(&value), sizeof value); };
        switch (done_->kind) {
            case Location::Kind::in_register: {
                const auto value = register_value(done_->number);
                if (!value) {
                    why_not_ = done_->number > return_address_register ? "in a register that is not read"
                                                                       : "a part of it is optimised out";
                }
                return value ? std::optional(word(*value)) : std::nullopt;
            }
            case Location::Kind::value:
                return word(done_->number);
            case Location::Kind::bytes:
                return done_->bytes;
            case Location::Kind::memory:
            case Location::Kind::nowhere:
                break;
        }
        return std::nullopt;
    }

    bool step(const Dwarf_Op& op) {
        if (op.atom >= DW_OP_lit0 && op.atom <= DW_OP_lit31) {
            return push(op.atom - DW_OP_lit0);
        }
        if (op.atom >= DW_OP_reg0 && op.atom <= DW_OP_reg31) {
            return in_register(op.atom - DW_OP_reg0);
        }
        if (op.atom >= DW_OP_breg0 && op.atom <= DW_OP_breg31) {
            return push_sum(register_value(op.atom - DW_OP_breg0), op.number);
        }
        return source(op).value_or(false) || (!known_ && (arrange(op) || combine(op) || finish(op)));
    }

    // Operations that push something; nullopt: another operation. `known_` tells an operation that failed from an unknown one.
    std::optional<bool> source(const Dwarf_Op& op) {
        known_ = true;
        switch (op.atom) {
            case DW_OP_addr:
                return push(op.number + context_.bias);
            case DW_OP_addrx:
            case DW_OP_GNU_addr_index:
                return push_indexed(op);
            case DW_OP_const1u:
            case DW_OP_const1s:
            case DW_OP_const2u:
            case DW_OP_const2s:
            case DW_OP_const4u:
            case DW_OP_const4s:
            case DW_OP_const8u:
            case DW_OP_const8s:
            case DW_OP_constu:
            case DW_OP_consts:
                return push(op.number);
            case DW_OP_fbreg:
                return push_sum(context_.frame_base, op.number);
            case DW_OP_bregx:
                return push_sum(register_value(op.number), op.number2);
            case DW_OP_regx:
                return in_register(op.number);
            case DW_OP_call_frame_cfa:
                return push_sum(context_.cfa, 0);
            case DW_OP_push_object_address:
                return push_sum(context_.object, 0);
            case DW_OP_form_tls_address:
            case DW_OP_GNU_push_tls_address:
                return refuse("each thread has its own (thread-local)");
            case DW_OP_entry_value:
            case DW_OP_GNU_entry_value:
            case DW_OP_implicit_pointer:
            case DW_OP_GNU_implicit_pointer:
                return refuse("optimised out");
            case DW_OP_bit_piece:
                return refuse("it lies in several pieces of single bits");
            default:
                known_ = false;
                return std::nullopt;
        }
    }
    bool push_indexed(const Dwarf_Op& op) {
        Dwarf_Attribute resolved;
        Dwarf_Addr address = 0;
        const bool found =
            attribute_ && dwarf_getlocation_attr(attribute_, &op, &resolved) == 0 && dwarf_formaddr(&resolved, &address) == 0;
        return found ? push(address + context_.bias) : refuse("its address is not in the debug information");
    }

    bool arrange(const Dwarf_Op& op) {
        const std::size_t depth = stack_.size();
        switch (op.atom) {
            case DW_OP_nop:
                return true;
            case DW_OP_dup:
                return depth >= 1 && push(stack_.back());
            case DW_OP_drop:
                return depth >= 1 && (stack_.pop_back(), true);
            case DW_OP_over:
                return depth >= 2 && push(stack_[depth - 2]);
            case DW_OP_pick:
                return op.number < depth && push(stack_[depth - 1 - op.number]);
            case DW_OP_swap:
                return depth >= 2 && (std::swap(stack_[depth - 1], stack_[depth - 2]), true);
            case DW_OP_rot:
                return depth >= 3 && (std::rotate(stack_.end() - 3, stack_.end() - 1, stack_.end()), true);
            case DW_OP_skip:
                return jump(op);
            case DW_OP_bra:
                return depth >= 1 && (pop() == 0 || jump(op));
            case DW_OP_deref:
                return depth >= 1 && dereference(sizeof(std::uint64_t));
            case DW_OP_deref_size:
                return depth >= 1 && op.number >= 1 && op.number <= sizeof(std::uint64_t) && dereference(op.number);
            default:
                return false;
        }
    }
    std::uint64_t pop() {
        const std::uint64_t value = stack_.back();
        stack_.pop_back();
        return value;
    }
    bool dereference(std::size_t size) {
        std::uint64_t value = 0;
        if (!context_.process.read(pop(), &value, size)) {
            return refuse("the memory that leads to it cannot be read");
        }
        return push(value);
    }
    bool jump(const Dwarf_Op& op) {
        constexpr Dwarf_Word bytes_of_a_jump = 3;
        const Dwarf_Word target = op.offset + bytes_of_a_jump + op.number;
        const auto found = std::ranges::find(expression_, target, &Dwarf_Op::offset);
        at_ = static_cast<std::size_t>(found - expression_.begin());
        return found != expression_.end();
    }

    bool combine(const Dwarf_Op& op) {
        if (stack_.empty()) {
            return false;
        }
        if (op.atom == DW_OP_plus_uconst) {
            return push(pop() + op.number);
        }
        if (op.atom == DW_OP_neg || op.atom == DW_OP_not || op.atom == DW_OP_abs) {
            const auto value = static_cast<std::int64_t>(stack_.back());
            const std::uint64_t negative = 0 - pop();
            return push(op.atom == DW_OP_neg   ? negative
                        : op.atom == DW_OP_not ? negative - 1
                        : value < 0            ? negative
                                               : 0 - negative);
        }
        if (stack_.size() < 2) {
            return false;
        }
        const auto result = combined(op.atom, stack_[stack_.size() - 2], stack_.back());
        return result && (pop(), pop(), push(*result));
    }
    static std::optional<std::uint64_t> combined(std::uint8_t atom, std::uint64_t a, std::uint64_t b) {
        const auto signed_a = static_cast<std::int64_t>(a);
        const auto signed_b = static_cast<std::int64_t>(b);
        switch (atom) {
            case DW_OP_plus:
                return a + b;
            case DW_OP_minus:
                return a - b;
            case DW_OP_mul:
                return a * b;
            case DW_OP_div:
                return b == 0 || b == ~0ull ? std::nullopt : std::optional(static_cast<std::uint64_t>(signed_a / signed_b));
            case DW_OP_mod:
                return b == 0 ? std::nullopt : std::optional(a % b);
            case DW_OP_and:
                return a & b;
            case DW_OP_or:
                return a | b;
            case DW_OP_xor:
                return a ^ b;
            case DW_OP_shl:
                return b < 64 ? a << b : 0;
            case DW_OP_shr:
                return b < 64 ? a >> b : 0;
            case DW_OP_shra:
                return static_cast<std::uint64_t>(signed_a >> std::min<std::uint64_t>(b, 63));
            case DW_OP_eq:
                return a == b;
            case DW_OP_ne:
                return a != b;
            case DW_OP_lt:
                return signed_a < signed_b;
            case DW_OP_le:
                return signed_a <= signed_b;
            case DW_OP_gt:
                return signed_a > signed_b;
            case DW_OP_ge:
                return signed_a >= signed_b;
            default:
                return std::nullopt;
        }
    }

    bool finish(const Dwarf_Op& op) {
        if (op.atom == DW_OP_stack_value && !stack_.empty()) {
            done_ = Location{Location::Kind::value, stack_.back(), {}, {}};
            return true;
        }
        Dwarf_Block block{};
        if (op.atom == DW_OP_implicit_value && attribute_ && dwarf_getlocation_implicit_value(attribute_, &op, &block) == 0) {
            done_ = Location{Location::Kind::bytes,
                             0,
                             {reinterpret_cast<const char*>(block.data), static_cast<std::size_t>(block.length)},
                             {}};
            return true;
        }
        return false;
    }

    Expression expression_;
    const ExpressionContext& context_;
    Dwarf_Attribute* attribute_;
    std::size_t at_ = 0;
    std::vector<std::uint64_t> stack_;
    std::optional<Location> done_;
    std::optional<std::string> pieces_;  // the value so far, if it lies in several places
    std::string why_not_;
    bool known_ = false;
};

}  // namespace

std::optional<Address> address_in_block(Dwarf_Attribute location) {
    Dwarf_Block block{};
    Address address = 0;
    const bool fits = dwarf_whatform(&location) == DW_FORM_block1 && dwarf_formblock(&location, &block) == 0 &&
                      block.length == 1 + sizeof address && block.data[0] == DW_OP_addr;
    if (!fits) {
        return std::nullopt;
    }
    std::memcpy(&address, block.data + 1, sizeof address);
    return address;
}

Expression expression_at(Dwarf_Attribute& attribute, Address address) {
    Dwarf_Op* ops = nullptr;
    std::size_t count = 0;
    return dwarf_getlocation_addr(&attribute, address, &ops, &count, 1) == 1 ? Expression(ops, count) : Expression();
}

bool is_fixed_address(Expression expression) {
    if (expression.empty() || expression.size() > 2) {
        return false;
    }
    const auto atom = expression[0].atom;
    const bool moved = expression.size() == 2 && expression[1].atom == DW_OP_plus_uconst;
    return (atom == DW_OP_addr || atom == DW_OP_addrx || atom == DW_OP_GNU_addr_index) && (expression.size() == 1 || moved);
}

Location evaluate(Expression expression, const ExpressionContext& context, Dwarf_Attribute* attribute) {
    return Machine(expression, context, attribute).run();
}

}  // namespace procatlas
