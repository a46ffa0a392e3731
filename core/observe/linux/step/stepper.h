// Calls, lines and instructions of one thread after another, by breakpoints and single steps. It keeps the grain; what it knows
// of a thread is in that thread's `ThreadSteps`, what it knows of a memory is in its `Breakpoints`. It decides how a thread
// goes on and never resumes one itself. The thread of each call must be in a ptrace stop.
#pragma once

#include <sys/types.h>

#include "core/model/grain.h"
#include "core/model/observed_event.h"
#include "core/observe/linux/step/breakpoints.h"
#include "core/observe/linux/step/thread_steps.h"

namespace procatlas {

// A stopped thread as the stepper needs to see it.
struct SteppedThread {
    // How much of its memory another thread may run in meanwhile.
    enum class Company { alone, with_others };
    // What it does when it goes on.
    enum class Task { own_code, system_call, exiting };
    enum class Signal { none, pending };  // pending: it goes on with the delivery of a signal

    pid_t tid;
    ThreadSteps& steps;
    Breakpoints& breakpoints;
    Company company;
    Task task;
    Signal signal;
};

// Of a stopped thread, read once a stop. nullopt: it is gone, or the machine is not known.
[[nodiscard]] const std::optional<Registers>& registers_of(pid_t tid, ThreadSteps& steps);

class Stepper {
public:
    [[nodiscard]] Grain grain() const { return grain_; }
    void set_grain(Grain grain) { grain_ = grain; }
    // All are being ended: nothing is told and nothing is stepped any more.
    void follow_no_more() { following_ = false; }

    // At each stop before anything else: what was under way is over.
    enum class StopKind { exec, call_return, other };
    enum class Scratch { as_it_was, freed };
    [[nodiscard]] Scratch begin_stop(const SteppedThread& thread, StopKind kind);

    // At a SIGTRAP. What is to be told of it is due then.
    enum class TrapOwner { stepper, program };
    [[nodiscard]] TrapOwner take_trap(const SteppedThread& thread);

    // How a thread goes on that nothing keeps.
    enum class Departure {
        run,
        step,  // by a single step
        park,  // it has to wait for the scratch room
        tell,  // not before the next due event was told
    };
    [[nodiscard]] Departure depart(const SteppedThread& thread);
    // After Departure::tell.
    [[nodiscard]] EventDetail take_due(ThreadSteps& steps) const;

private:
    enum class By { step, breakpoint };
    enum class Pass { run, step, park, arrived };  // arrived: it is already over the breakpoint

    void arrive(const SteppedThread& thread, By by);
    [[nodiscard]] static ShadowStack::Came how_it_came(const SteppedThread& thread, const Registers& registers, By by,
                                                       const ShadowStack::Candidate& candidate);
    void collect_events(const SteppedThread& thread, const Registers& registers, By by, ShadowStack& calls);
    void follow_own_code(const SteppedThread& thread, const StopPlace& place, By by);
    [[nodiscard]] Departure set_out(const SteppedThread& thread);
    [[nodiscard]] Pass pass_breakpoint(const SteppedThread& thread, Address at);
    [[nodiscard]] Scratch finish_passing(const SteppedThread& thread, StopKind kind);
    [[nodiscard]] bool is_stepped(const SteppedThread& thread) const;

    Grain grain_ = Grain::none;
    bool following_ = true;
};

}  // namespace procatlas
