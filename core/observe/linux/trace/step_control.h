// The finer grains as they concern many threads: the grain, the breakpoints of a memory, whom the scratch room makes wait, and
// who waits to be looked into.
#pragma once

#include <sys/types.h>

#include <vector>

#include "core/observe/linux/step/stepper.h"
#include "core/observe/linux/trace/event_sink.h"
#include "core/observe/linux/trace/resumer.h"
#include "core/observe/linux/trace/tracees.h"

namespace procatlas {

class StepControl {
public:
    StepControl(Tracees& tracees, Stepper& stepper, Resumer& resumer, EventSink& sink)
        : tracees_(tracees), stepper_(stepper), resumer_(resumer), sink_(sink) {}

    void set_grain(Grain grain);
    void set_breakpoints(pid_t pid, const BreakpointPlan& plan);
    void set_stop_points(bool any) { resumer_.let_tellers_wait(any); }
    // The processor is to watch these places in the memory of the process.
    void watch(pid_t pid, std::vector<AddressRange> places);
    // At a SIGTRAP, before it is asked whose it is: tells of what was written, if anything was. True: the trap was for that
    // alone.
    [[nodiscard]] bool take_writes(TracedThread& thread);
    // Somebody has looked inside: the thread need not wait at its event any more.
    void inspected(pid_t tid, Whereabouts::Found found = Whereabouts::Found::nothing);
    [[nodiscard]] bool somebody_awaits_inspection();

    // At each stop before anything else.
    void begin_stop(TracedThread& thread, const WaitStatus& status);
    // At an exec: the process leaves its memory, in which others may go on.
    void leave_memory(TracedProcess& process);
    // The thread will not use the scratch room any more.
    void free_scratch(Breakpoints& breakpoints, pid_t user);

private:
    void arrange_soon(Breakpoints& breakpoints);
    void set_watched(TracedThread& thread);
    void tell_out_of_reach(const TracedThread& thread);
    void wake_parked(const Breakpoints& breakpoints);

    Tracees& tracees_;
    Stepper& stepper_;
    Resumer& resumer_;
    EventSink& sink_;
};

}  // namespace procatlas
