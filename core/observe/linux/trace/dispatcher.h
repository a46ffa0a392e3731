// Takes what waitpid(2) tells and answers it. Every stop that is taken is answered, because a process that is left in a stop
// cannot even be killed. The body of `answer` is the order of things: gather, decide, resume, emit (stages.h).
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

#include "core/observe/linux/trace/exits.h"
#include "core/observe/linux/trace/gatherer.h"
#include "core/observe/linux/trace/lineage.h"
#include "core/observe/linux/trace/resumer.h"
#include "core/observe/linux/trace/signals.h"
#include "core/observe/linux/trace/step_control.h"
#include "core/observe/linux/trace/system_calls.h"
#include "core/observe/linux/trace/turns.h"

namespace procatlas {

// The parts that the dispatcher hands stops to.
struct DispatcherParts {
    Tracees& tracees;
    const Pacing& pacing;
    EventSink& sink;
    Stepper& stepper;
    Gatherer& gatherer;
    Lineage& lineage;
    Resumer& resumer;
    StepControl& steps;
    SystemCalls& calls;
    Signals& signals;
    Exits& exits;
    TurnTaking* turns = nullptr;  // null: all go on as they come
};

class Dispatcher {
public:
    explicit Dispatcher(const DispatcherParts& parts) : parts_(parts) {}

    // Of one thread; it need not be known yet.
    void handle(pid_t tid, const WaitStatus& status);

    // Adopts the children whose birth nobody has told for a second.
    void adopt_late();

private:
    void answer(TracedThread& thread, const WaitStatus& status);
    [[nodiscard]] std::optional<Gathered> gather(TracedThread& thread, const WaitStatus& status, ThreadLife life_before);
    [[nodiscard]] std::optional<Gathered> gather_event_stop(TracedThread& thread, const WaitStatus& status, ThreadLife before);
    [[nodiscard]] std::optional<Gathered> gather_birth(TracedThread& thread);
    [[nodiscard]] std::optional<Gathered> gather_fork(TracedThread& thread, ParentGoesOn goes_on);
    [[nodiscard]] std::optional<Gathered> gather_clone(TracedThread& thread);
    [[nodiscard]] Gathered gather_exec_stop(TracedThread& leader);
    void emit(Resumed&& resumed);
    void emit_birth(Resumed&& resumed);

    void handle_unknown(pid_t tid, const WaitStatus& status);
    void handle_end(pid_t tid, const WaitStatus& status);
    [[nodiscard]] TracedProcess* remove_ended(pid_t tid);
    // Answers the stop that a child made before the event of its birth, if it did.
    void answer_early(TracedThread& thread);
    // The same of a thread that was just made, or the stop that it is about to make.
    void answer_first_stop(TracedThread& made);
    enum class Early { stopped, ended };
    void adopt(pid_t tid, Early now);

    DispatcherParts parts_;
    std::uint64_t waited_ns_ = 0;     // for first stops, not yet made up for by time without …
    std::uint64_t waited_at_ns_ = 0;  // … until then
};

}  // namespace procatlas
