// The ends of threads and processes: what is told at a thread's exit stop, where its memory is still there, and what only when
// waitpid(2) says that it is gone.
#pragma once

#include <optional>

#include "core/model/observed_event.h"
#include "core/observe/linux/trace/gatherer.h"

namespace procatlas {

class Exits {
public:
    Exits(Tracees& tracees, Gatherer& gatherer, EventSink& sink) : tracees_(tracees), gatherer_(gatherer), sink_(sink) {}

    // `status`: the one that the thread will end with.
    [[nodiscard]] std::optional<Gathered> gather_exit_stop(TracedThread& thread, const WaitStatus& status);
    // The process will end by `signal` once its thread is let go for good, and we shall not hear of that.
    [[nodiscard]] std::optional<Gathered> gather_unseen_end(TracedThread& thread, int signal);
    // A thread that is no leader ended; without an exit stop that is the first that is heard of it.
    void tell_thread_end(const TracedThread& thread);
    // A process ended: tells it where no exit stop has.
    void tell_process_end(TracedProcess& process, const WaitStatus& status);

private:
    Tracees& tracees_;
    Gatherer& gatherer_;
    EventSink& sink_;
};

// `status`: WaitStatus::is_end.
[[nodiscard]] ExitEvent exit_event(const WaitStatus& status);

}  // namespace procatlas
