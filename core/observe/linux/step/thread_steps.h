// How one thread is followed at the finer grains: what the stepper keeps of it from one stop to the next.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>

#include "core/model/observed_event.h"
#include "core/observe/linux/step/displaced_step.h"
#include "core/observe/linux/step/execution.h"

namespace procatlas {

// Whether the thread's next SIGTRAP is that of a single step.
enum class StepUnderWay : std::uint8_t {
    none,
    plain,
    into_handler,  // the step begins with the delivery of a signal
};

// Whether a single step has begun of whose end no SIGTRAP has told.
enum class OpenStep : std::uint8_t {
    none,
    open,
    ended_in_call,  // it ended in a system call, and the thread stands at that call's return
};

struct ThreadSteps {
    std::optional<Registers> registers;             // at this stop, if they were read and nobody has changed them since
    Execution own;                                  // unless it runs a goroutine
    std::deque<EventDetail> due;                    // to be told at this stop, each after the one before was inspected
    Address at = 0;                                 // the breakpoint that it stands at and has not passed; 0: none
    Address passing = 0;                            // the breakpoint that a step is taking it over; 0: none
    std::optional<DisplacedInstruction> displaced;  // that step executes this copy in the scratch room
    StepUnderWay step = StepUnderWay::none;
    OpenStep open_step = OpenStep::none;
    StopPlace before;           // where the last single step began
    bool in_own_code = false;   // at the grain of instructions: it is in the program's own code, so it is stepped
    Address last_return = 0;    // where the last call that was stepped will return to
    std::uint32_t watched = 0;  // the version of the watched places that its debug registers hold
};

}  // namespace procatlas
