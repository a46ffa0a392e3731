// Signals and job control: what a signal, a group stop and its end mean (ptrace(2), signal(7)).
#pragma once

#include <signal.h>

#include <optional>

#include "core/model/observed_event.h"
#include "core/observe/linux/trace/gatherer.h"

namespace procatlas {

class Signals {
public:
    Signals(Tracees& tracees, Gatherer& gatherer) : tracees_(tracees), gatherer_(gatherer) {}

    // Stopped before `signal` is delivered, which it will be when the thread goes on.
    [[nodiscard]] Gathered gather_signal(TracedThread& thread, int signal);
    // Whether that signal ends the thread's process as soon as nobody traces it, and never before: a fault of the first process
    // of a PID namespace, which the kernel keeps from fatal signals as long as it is traced (force_sig_info).
    [[nodiscard]] static bool ends_untraced_only(const TracedThread& thread, int signal);
    // Job control has stopped it. It must work on the thread, so the thread is left to it and is not ours to hold. Told once
    // for a process.
    [[nodiscard]] std::optional<Gathered> gather_group_stop(TracedThread& thread, int signal);
    // Any other stop without a reason of its own: the first one after a group stop is the end of that.
    [[nodiscard]] std::optional<Gathered> gather_continue(TracedThread& thread);

private:
    Tracees& tracees_;
    Gatherer& gatherer_;
};

// Who sent it, or at which address it happened, as far as the kernel says (sigaction(2)).
[[nodiscard]] SignalEvent signal_event(int signal, const siginfo_t& info);

}  // namespace procatlas
