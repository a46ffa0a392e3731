// The stages after gathering: decides what an event does to its thread, and is the only one that lets threads go on.
#pragma once

#include "core/observe/linux/step/stepper.h"
#include "core/observe/linux/trace/event_sink.h"
#include "core/observe/linux/trace/gatherer.h"
#include "core/observe/linux/trace/lineage.h"
#include "core/observe/linux/trace/pacing.h"
#include "core/observe/linux/trace/stages.h"
#include "core/observe/linux/trace/turns.h"

namespace procatlas {

class Resumer {
public:
    Resumer(const Pacing& pacing, Stepper& stepper, Gatherer& gatherer, Lineage& lineage, EventSink& sink)
        : pacing_(pacing), stepper_(stepper), gatherer_(gatherer), lineage_(lineage), sink_(sink) {}

    // From now on threads take turns as `turns` says, which must outlive this.
    void take_turns(TurnTaking& turns) { turns_ = &turns; }
    // Whether a program that tells of itself waits like others: what it tells may reach a stop point.
    void let_tellers_wait(bool wait) { tellers_wait_ = wait; }

    // Of a fork: with the child counted, so that its parent is held too where the child is beyond the cap.
    [[nodiscard]] Decided decide(Gathered&& gathered);
    // Holds the thread, delays it, leaves it to whoever looks inside, or lets it go on.
    [[nodiscard]] Resumed resume(Decided&& decided);

    // Lets a thread go on from its stop, unless something keeps it. Where events are due before that, tells the next one.
    void go_on(TracedThread& thread);
    // Lets a held thread go on and tells so; any other is left as it is.
    enum class Release { to_next_event, to_the_end };
    void release(TracedThread& thread, Release how);

private:
    void let_go(TracedThread& thread, Stepper::Departure departure);

    const Pacing& pacing_;
    Stepper& stepper_;
    Gatherer& gatherer_;
    Lineage& lineage_;
    EventSink& sink_;
    TurnTaking* turns_ = nullptr;  // null: all go on as they come
    bool tellers_wait_ = false;
};

// The stopped thread as the stepper sees it. For the time of one call.
[[nodiscard]] SteppedThread stepped(TracedThread& thread);

}  // namespace procatlas
