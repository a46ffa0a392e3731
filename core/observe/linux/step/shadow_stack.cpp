#include "core/observe/linux/step/shadow_stack.h"

#include <algorithm>
#include <ranges>

namespace procatlas {
namespace {

// What lies farther apart is on two stacks.
bool is_same_stack(Address a, Address b) {
    constexpr Address reach = 8u << 20;
    return (a < b ? b - a : a - b) < reach;
}

}  // namespace

std::vector<ShadowStack::Frame>::iterator ShadowStack::innermost(Address stack_pointer) {
    const auto found = std::ranges::find_if(frames_ | std::views::reverse,
                                            [&](const Frame& frame) { return is_same_stack(frame.slot, stack_pointer); });
    return found == frames_.rend() ? frames_.end() : std::prev(found.base());
}

void ShadowStack::enter(Address function, Address body, Address stack_pointer, Address return_address) {
    auto first = frames_.end();  // of those at the same place
    bool tail_call = true;
    while (first != frames_.begin() && std::prev(first)->slot == stack_pointer) {
        --first;
        tail_call &= first->function != function && first->return_address == return_address;
    }
    if (!tail_call) {
        frames_.erase(first, frames_.end());
    }
    frames_.push_back({function, body, stack_pointer, return_address});
}

std::optional<Address> ShadowStack::reach_body(Address program_counter, Address stack_pointer) {
    const auto frame = innermost(stack_pointer);
    if (frame == frames_.end() || frame->told || frame->body != program_counter) {
        return std::nullopt;
    }
    frame->told = true;
    return frame->function;
}

std::vector<Address> ShadowStack::leave(Address program_counter, Address stack_pointer) {
    std::vector<Address> returned;
    for (auto frame = innermost(stack_pointer); frame != frames_.end() && frame->slot < stack_pointer;
         frame = innermost(stack_pointer)) {
        if (frame->told && frame->slot + sizeof(Address) == stack_pointer && frame->return_address == program_counter) {
            returned.push_back(frame->function);
        }
        frames_.erase(frame);
    }
    return returned;
}

}  // namespace procatlas
