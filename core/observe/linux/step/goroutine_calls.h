// The calls of the goroutines of one Go program. A goroutine goes on in another thread whenever Go's scheduler wants, and where
// its stack grows or shrinks, Go copies it to another place: each frame keeps its distance to the end of the stack.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <unordered_map>

#include "core/model/grain.h"
#include "core/observe/linux/step/execution.h"

namespace procatlas {

class GoroutineCalls {
public:
    void set_layout(const std::optional<GoroutineLayout>& layout) { layout_ = layout; }

    // What the thread, which must be in a ptrace stop, runs there. nullptr: no goroutine's own code (a signal handler, Go's
    // scheduler, code of C), or this is no Go program. Valid until the next call of a function of this class.
    [[nodiscard]] Execution* running_in(pid_t tid, const Registers& registers);
    void clear() { goroutines_.clear(); }

private:
    struct Goroutine {
        std::uint64_t number = 0;  // of all goroutines that there were; one that has ended leaves its place to another
        Address stack_high = 0;
        Execution execution;
    };
    void make_room();

    std::optional<GoroutineLayout> layout_;
    std::unordered_map<Address, Goroutine> goroutines_;  // by the address of their `runtime.g`
};

}  // namespace procatlas
