#include "core/observe/linux/step/goroutine_calls.h"

#include <algorithm>

#include "core/observe/linux/step/stopped_thread.h"

namespace procatlas {
namespace {

constexpr std::size_t goroutine_register = 14;
constexpr Address largest_stack = Address{1} << 30;  // Go ends a program whose stack wants more
constexpr std::size_t most_goroutines = 100'000;

// Go has copied the stack. The return addresses lie at their new places, or this was no copy.
void follow_stack(pid_t tid, Execution& execution, Address distance, Address stack_pointer) {
    execution.calls.move(distance);
    if (execution.seen) {
        execution.seen->stack_pointer += distance;
    }
    const auto places = execution.calls.ends(stack_pointer);
    const bool there = std::ranges::all_of(
        places, [&](const ShadowStack::Place& place) { return peek(tid, place.slot) == place.return_address; });
    if (!there) {
        execution = {};
    }
}

}  // namespace

// Those that are in no call are of no interest. Else one is forgotten, so its calls do not return.
void GoroutineCalls::make_room() {
    if (goroutines_.size() < most_goroutines) {
        return;
    }
    std::erase_if(goroutines_, [](const auto& entry) { return entry.second.execution.calls.is_empty(); });
    if (goroutines_.size() >= most_goroutines) {
        goroutines_.erase(goroutines_.begin());
    }
}

Execution* GoroutineCalls::running_in(pid_t tid, const Registers& registers) {
    if (!layout_) {
        return nullptr;
    }
    const Address at = registers[goroutine_register];
    const Address stack_pointer = registers[stack_register];
    const auto low = peek(tid, at + layout_->stack_low);
    const auto high = peek(tid, at + layout_->stack_high);
    const auto number = peek(tid, at + layout_->number);
    // The scheduler and signal handlers run on stacks of number 0.
    const bool runs = low && high && number && *number != 0 && *low < stack_pointer && stack_pointer <= *high &&
                      *high - *low <= largest_stack;
    if (!runs) {
        return nullptr;
    }
    make_room();
    Goroutine& goroutine = goroutines_[at];
    if (goroutine.number != *number) {
        goroutine = {*number, *high, {}};
    } else if (goroutine.stack_high != *high) {
        follow_stack(tid, goroutine.execution, *high - goroutine.stack_high, stack_pointer);
        goroutine.stack_high = *high;
    }
    return &goroutine.execution;
}

}  // namespace procatlas
