// The system calls that the filter selects (launch/syscall_filter.h): what is remembered at their entry and told at their
// return.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/model/observed_event.h"
#include "core/observe/linux/trace/gatherer.h"
#include "core/observe/linux/trace/output_calls.h"
#include "core/observe/linux/trace/own_seccomp.h"
#include "core/observe/linux/trace/turns.h"

namespace procatlas {

class SystemCalls {
public:
    // `terminal`: the path of the terminal that the programs run on; only output to it is told.
    SystemCalls(Tracees& tracees, Gatherer& gatherer, EventSink& sink, const std::string& terminal)
        : tracees_(tracees), gatherer_(gatherer), sink_(sink), output_(tracees, gatherer, sink, seccomp_, terminal) {}

    // Sets `thread.call` where the return of the call is to stop the thread. What is gathered is the state of the pages before
    // a fork.
    [[nodiscard]] std::optional<Gathered> gather_entry(TracedThread& thread);
    [[nodiscard]] std::optional<Gathered> gather_return(TracedThread& thread);

    [[nodiscard]] OutputCalls& output() { return output_; }
    // From now on tells `turns`, which must outlive this, of each call that begins.
    void take_turns(TurnTaking& turns) { turns_ = &turns; }

private:
    [[nodiscard]] bool wants_return(TracedThread& thread, PendingCall& call);
    [[nodiscard]] std::optional<Gathered> gather_pages_before_fork(TracedThread& thread);
    [[nodiscard]] std::optional<Gathered> gather_failed_exec(TracedThread& thread, const PendingCall& call,
                                                             const CallReturn& end);
    [[nodiscard]] std::optional<Gathered> gather_memory(TracedThread& thread, PendingCall call, const CallReturn& end);
    void tell_if_hidden(const TracedThread& thread, const CallReturn& end);
    void end_clone(TracedThread& thread, const PendingCall& call, std::int64_t result);
    void tell_refused_debugger(const TracedThread& thread, const PendingCall& call, std::int64_t result);

    Tracees& tracees_;
    Gatherer& gatherer_;
    EventSink& sink_;
    OwnSeccomp seccomp_;
    OutputCalls output_;
    TurnTaking* turns_ = nullptr;  // null: nobody takes turns
};

// What a memory call did, by its arguments and what it returned. `call`: brk, mmap, munmap, mremap or mprotect.
[[nodiscard]] MemoryEvent memory_event(const PendingCall& call, std::int64_t result);

// Whether that result means that a signal interrupted the call, which will be made again (-ERESTARTSYS and the like).
[[nodiscard]] bool will_be_restarted(std::int64_t result);

}  // namespace procatlas
