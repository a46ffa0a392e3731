#include "core/observe/linux/trace/resumer.h"

#include <sys/ptrace.h>

#include <utility>

#include "core/observe/linux/proc/clock.h"

namespace procatlas {
namespace {

EventClass class_of(const EventDetail& detail) {
    return std::holds_alternative<LineEvent>(detail)          ? EventClass::lines
           : std::holds_alternative<InstructionEvent>(detail) ? EventClass::instructions
                                                              : EventClass::calls;
}

}  // namespace

SteppedThread stepped(TracedThread& thread) {
    using Task = SteppedThread::Task;
    const TracedProcess& process = *thread.process;
    const bool alone = process.threads == 1 && process.breakpoints.use_count() == 1;
    return {.tid = thread.tid,
            .steps = thread.steps,
            .breakpoints = *process.breakpoints,
            .company = alone ? SteppedThread::Company::alone : SteppedThread::Company::with_others,
            .task = thread.life == ThreadLife::exiting ? Task::exiting
                    : thread.call                      ? Task::system_call
                                                       : Task::own_code,
            .signal = thread.signal != 0 ? SteppedThread::Signal::pending : SteppedThread::Signal::none};
}

Decided Resumer::decide(Gathered&& gathered) {
    if (gathered.birth) {
        lineage_.expect_newborn();
    }
    // A program that tells of itself needs no look inside, unless the frames of its interpreter are wanted too.
    const bool has_told = gathered.event.message && gatherer_.grain() != Grain::instructions && !tellers_wait_;
    const Inspection inspection = has_told ? Inspection::none : gatherer_.inspection();
    const PaceDecision decision = pacing_.decide(gathered.event_class, inspection);
    return {std::move(gathered), decision};
}

Resumed Resumer::resume(Decided&& decided) {
    TracedThread& thread = decided.thread();
    const PaceDecision& decision = decided.decision();
    thread.whereabouts.settle(decision, decision.then == PaceDecision::Then::delay ? monotonic_ns() : 0);
    go_on(thread);
    return Resumed(std::move(decided));
}

void Resumer::go_on(TracedThread& thread) {
    if (thread.whereabouts.where() != Where::stopped) {
        return;
    }
    if (thread.resume_way == ResumeWay::rejoin_group_stop) {
        thread.whereabouts.rejoin();
        ::ptrace(PTRACE_LISTEN, thread.tid, nullptr, nullptr);
        return;
    }
    if (thread.resume_way == ResumeWay::without_us) {
        thread.whereabouts.leave();
        ::ptrace(PTRACE_DETACH, thread.tid, nullptr, nullptr);
        lineage_.expect_unseen_death(*thread.process);
        return;
    }
    const Stepper::Departure departure = stepper_.depart(stepped(thread));
    switch (departure) {
        case Stepper::Departure::run:
        case Stepper::Departure::step:
            let_go(thread, departure);
            return;
        case Stepper::Departure::park:
            thread.whereabouts.park();
            return;
        case Stepper::Departure::tell: {
            EventDetail detail = stepper_.take_due(thread.steps);
            const EventClass event_class = class_of(detail);
            sink_.emit(resume(decide(gatherer_.gather(thread, std::move(detail), event_class))));
            return;
        }
    }
}

void Resumer::let_go(TracedThread& thread, Stepper::Departure departure) {
    if (turns_ != nullptr && turns_->keeps(thread)) {
        thread.whereabouts.queue();
        return;
    }
    thread.whereabouts.leave();
    const int signal = std::exchange(thread.signal, 0);
    const auto request = departure == Stepper::Departure::step ? PTRACE_SINGLESTEP : thread.call ? PTRACE_SYSCALL : PTRACE_CONT;
    // ESRCH: it was killed meanwhile; its status will come.
    ::ptrace(request, thread.tid, nullptr, static_cast<long>(signal));
}

void Resumer::release(TracedThread& thread, Release how) {
    if (thread.whereabouts.release()) {
        sink_.tell(sink_.event_of(thread.process->key, thread.tid, StepEvent{how == Release::to_next_event}));
        go_on(thread);
    }
}

}  // namespace procatlas
