// How one thread is followed at the finer grains.
#pragma once

#include <deque>
#include <optional>

#include "core/model/event.h"
#include "core/observe/linux/step/displaced_step.h"
#include "core/observe/linux/step/shadow_stack.h"

namespace procatlas {

struct StopPlace {
    Address program_counter = 0;
    Address stack_pointer = 0;

    bool operator==(const StopPlace&) const = default;
};

struct FineState {
    ShadowStack calls;
    std::deque<EventDetail> due;                // to be told at this stop, each after the one before has been looked at
    Address at = 0;                             // the breakpoint that it stands at and has not passed
    Address passing = 0;                        // the breakpoint that it is on its way over
    std::optional<DisplacedInstruction> moved;  // ... by executing this in the scratch room
    bool parked = false;                        // waits for the scratch room
    std::optional<StopPlace> seen;  // a signal came before the step over the breakpoint there: it will come there once more
    bool stepping = false;          // its next trap is that of a single step
    bool delivering = false;        // that step begins with a signal
    bool inside = false;            // at the grain of instructions: in the program's own code, so it is stepped
    StopPlace before;               // where the last single step began
    bool step_open = false;         // it ended in a system call that we stop at
    bool call_returned = false;
    Address last_return = 0;  // to where the last call that was stepped will return
};

}  // namespace procatlas
