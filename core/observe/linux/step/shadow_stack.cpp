#include "core/observe/linux/step/shadow_stack.h"

#include <algorithm>
#include <ranges>
#include <utility>

namespace procatlas {
namespace {

// A library that calls back puts less than this between its caller and the function, and so does the kernel before a signal
// handler. What is farther away is taken for the first call on another stack.
constexpr Address most_between_calls = 4096;
constexpr Address largest_stack_frame = 8u << 20;
constexpr std::size_t most_stacks = 1024;

// The frames from the first whose slot is at or below `slot`.
auto from_slot(auto& frames, Address slot) {
    return std::ranges::partition_point(frames, [&](const auto& frame) { return frame.slot > slot; });
}

// Whether the frames of a stack reach from above or at `slot` to below or at it.
bool spans(const auto& frames, Address slot) {
    return frames.back().slot <= slot && slot <= frames.front().slot;
}

}  // namespace

std::vector<ShadowStack::Frames>::iterator ShadowStack::stack_of(const Entered& call) {
    const auto nearest = [&](Address most_between, auto&& is_caller) {
        auto found = stacks_.end();
        Address between = most_between;
        for (auto stack = stacks_.begin(); stack != stacks_.end(); ++stack) {
            const auto below = from_slot(*stack, call.stack_pointer - 1);
            if (below == stack->begin() || !is_caller(*std::prev(below))) {
                continue;
            }
            if (const Address distance = std::prev(below)->slot - call.stack_pointer; distance <= between) {
                found = stack;
                between = distance;
            }
        }
        return found;
    };
    const auto direct = nearest(largest_stack_frame, [&](const Frame& frame) { return frame.function == call.caller; });
    return direct != stacks_.end() ? direct : nearest(most_between_calls, [](const Frame&) { return true; });
}

void ShadowStack::forget_between(Address lowest, Address end) {
    for (Frames& stack : stacks_) {
        std::erase_if(stack, [&](const Frame& frame) { return lowest <= frame.slot && frame.slot < end; });
    }
    std::erase_if(stacks_, [](const Frames& stack) { return stack.empty(); });
}

void ShadowStack::enter(const Entered& call) {
    Frames frames;
    if (const auto stack = stack_of(call); stack != stacks_.end()) {
        frames = std::move(*stack);
        stacks_.erase(stack);
        frames.erase(from_slot(frames, call.stack_pointer - 1), frames.end());  // a jump has left them
    }
    auto first = frames.end();  // of those at the same place
    bool tail_call = true;
    while (first != frames.begin() && std::prev(first)->slot == call.stack_pointer) {
        --first;
        tail_call &= first->function != call.function && first->return_address == call.return_address;
    }
    if (!tail_call) {
        frames.erase(first, frames.end());
    }
    forget_between(call.stack_pointer, frames.empty() ? call.stack_pointer + 1 : frames.back().slot);
    if (stacks_.size() >= most_stacks) {
        stacks_.erase(stacks_.begin());
    }
    frames.push_back({call.function, call.body, call.stack_pointer, call.return_address, call.jump_target});
    stacks_.push_back(std::move(frames));
}

std::optional<Address> ShadowStack::reach_body(Address program_counter, Address stack_pointer) {
    for (Frames& frames : stacks_ | std::views::reverse) {
        Frame& frame = frames.back();
        if (!frame.told && frame.body == program_counter && stack_pointer <= frame.slot &&
            frame.slot - stack_pointer < largest_stack_frame) {
            frame.told = true;
            return frame.function;
        }
    }
    return std::nullopt;
}

std::optional<ShadowStack::Candidate> ShadowStack::may_return(Address program_counter, Address stack_pointer) const {
    const Address slot = stack_pointer - sizeof(Address);
    const auto stack = std::ranges::find_if(stacks_, [&](const Frames& frames) { return spans(frames, slot); });
    const auto inner = stack == stacks_.end() ? Frames::const_iterator() : from_slot(*stack, slot - 1);
    if (stack == stacks_.end() || inner == stack->begin() || std::prev(inner)->slot != slot ||
        std::prev(inner)->return_address != program_counter) {
        return std::nullopt;
    }
    Candidate candidate{std::prev(inner)->jump_target, std::nullopt};
    if (inner != stack->end()) {
        candidate.inner = Place{inner->slot, inner->return_address};
    }
    return candidate;
}

void ShadowStack::move(Address distance) {
    for (Frames& frames : stacks_) {
        for (Frame& frame : frames) {
            frame.slot += distance;
        }
    }
}

std::vector<ShadowStack::Place> ShadowStack::ends(Address stack_pointer) const {
    std::vector<Place> places;
    for (const Frames& frames : stacks_) {
        const auto left = from_slot(frames, stack_pointer - 1);
        if (left != frames.begin()) {
            places.push_back({frames.front().slot, frames.front().return_address});
            places.push_back({std::prev(left)->slot, std::prev(left)->return_address});
        }
    }
    return places;
}

std::vector<Address> ShadowStack::leave(Address program_counter, Address stack_pointer, Came came) {
    const Address slot = stack_pointer - sizeof(Address);
    const auto stack = std::ranges::find_if(stacks_, [&](const Frames& frames) { return spans(frames, slot); });
    if (stack == stacks_.end()) {
        return {};
    }
    const auto left = from_slot(*stack, slot);
    const bool returned = came == Came::returned && left->slot == slot && left->return_address == program_counter;
    std::vector<Address> functions;
    for (auto frame = from_slot(*stack, slot - 1); returned && frame != left;) {
        --frame;
        if (frame->told) {
            functions.push_back(frame->function);
        }
    }
    stack->erase(left, stack->end());
    if (stack->empty()) {
        stacks_.erase(stack);
    }
    return functions;
}

}  // namespace procatlas
