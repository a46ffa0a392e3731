#include "core/observe/linux/trace/step_control.h"

#include <signal.h>
#include <sys/ptrace.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "core/model/stop_points.h"
#include "core/observe/linux/step/hardware_watch.h"
#include "core/observe/linux/step/stopped_thread.h"
#include "core/observe/linux/trace/changed_code.h"

namespace procatlas {

void StepControl::set_grain(Grain grain) {
    if (grain == stepper_.grain()) {
        return;
    }
    if (!grain_supported) {
        sink_.note(NoteCode::text, "calls, lines and instructions are followed on x86-64 only");
        return;
    }
    stepper_.set_grain(grain);
    for (auto& [pid, process] : tracees_.processes()) {
        if (!process.is_dead() && process.breakpoints->has_plan()) {
            arrange_soon(*process.breakpoints);
        }
    }
    for (auto& [tid, thread] : tracees_.threads()) {
        const Breakpoints& breakpoints = *thread.process->breakpoints;
        thread.steps.in_own_code = grain == Grain::instructions && breakpoints.has_plan() &&
                                   (thread.steps.in_own_code || !breakpoints.knows_functions());
        if (grain == Grain::none) {
            thread.steps.own.calls.clear();
            thread.process->breakpoints->goroutines().clear();
            thread.whereabouts.inspected();
            thread.whereabouts.unpark();
            resumer_.go_on(thread);
        }
    }
}

void StepControl::set_breakpoints(pid_t pid, const BreakpointPlan& plan) {
    TracedProcess* process = tracees_.find_process(pid);
    if (!process || process->is_dead()) {
        return;
    }
    process->breakpoints->set_plan(plan);
    if (stepper_.grain() != Grain::none) {
        arrange_soon(*process->breakpoints);
    }
}

// At once where a thread of that memory is stopped, else when one is.
void StepControl::arrange_soon(Breakpoints& breakpoints) {
    breakpoints.arrange_soon();
    auto& threads = tracees_.threads();
    const auto has_it = [&](const auto& entry) { return entry.second.process->breakpoints.get() == &breakpoints; };
    const auto stopped_one = std::ranges::find_if(
        threads, [&](const auto& entry) { return has_it(entry) && entry.second.whereabouts.is_in_stop(); });
    if (stopped_one != threads.end()) {
        breakpoints.arrange(stopped_one->first, stepper_.grain());
        tell_out_of_reach(stopped_one->second);
        return;
    }
    // One is enough, and not all system calls go on after it as if nothing had been. Any other that stops will do it as well.
    const auto running = std::ranges::find_if(
        threads, [&](const auto& entry) { return has_it(entry) && entry.second.life != ThreadLife::exiting; });
    if (running != threads.end()) {
        ::ptrace(PTRACE_INTERRUPT, running->first, nullptr, nullptr);
    }
}

void StepControl::inspected(pid_t tid, Whereabouts::Found found) {
    TracedThread* thread = tracees_.find_thread(tid);
    if (thread && thread->whereabouts.inspected(found)) {
        resumer_.go_on(*thread);
    }
}

bool StepControl::somebody_awaits_inspection() {
    return stepper_.grain() != Grain::none && std::ranges::any_of(tracees_.threads(), [](const auto& entry) {
               return entry.second.whereabouts.where() == Where::awaiting;
           });
}

void StepControl::watch(pid_t pid, std::vector<AddressRange> places) {
    TracedProcess* process = tracees_.find_process(pid);
    std::erase_if(places, [](AddressRange place) { return !can_be_watched(place); });
    if (!process || process->is_dead() || places.size() > most_watched) {
        return;
    }
    process->breakpoints->watch(std::move(places));
    for (auto& [tid, thread] : tracees_.threads()) {
        if (thread.process->breakpoints == process->breakpoints && thread.whereabouts.is_in_stop()) {
            set_watched(thread);  // one that runs gets them at its next stop: not all system calls survive an interruption
        }
    }
}

void StepControl::set_watched(TracedThread& thread) {
    const WatchedPlaces& watched = thread.process->breakpoints->watched();
    if (thread.steps.watched != watched.version) {
        thread.steps.watched = watched.version;
        watch_places(thread.tid, watched.places);
    }
}

bool StepControl::take_writes(TracedThread& thread) {
    const WatchedPlaces& watched = thread.process->breakpoints->watched();
    const auto written = watched.places.empty() ? std::vector<AddressRange>{} : take_written(thread.tid, watched.places);
    siginfo_t info{};
    const bool alone =
        !written.empty() && ::ptrace(PTRACE_GETSIGINFO, thread.tid, nullptr, &info) == 0 && info.si_code == TRAP_HWBKPT;
    for (const AddressRange place : written) {
        thread.steps.due.emplace_back(WriteEvent{place, {}});
    }
    return alone;
}

void StepControl::begin_stop(TracedThread& thread, const WaitStatus& status) {
    const bool call_return = status.kind() == WaitStatus::Kind::call_return && thread.call;
    const auto kind = status.kind() == WaitStatus::Kind::exec ? Stepper::StopKind::exec
                      : call_return                           ? Stepper::StopKind::call_return
                                                              : Stepper::StopKind::other;
    if (stepper_.begin_stop(stepped(thread), kind) == Stepper::Scratch::freed) {
        wake_parked(*thread.process->breakpoints);
    }
    set_watched(thread);
    tell_out_of_reach(thread);
    tell_changed_code(sink_, thread);
}

void StepControl::tell_out_of_reach(const TracedThread& thread) {
    if (const std::size_t functions = thread.process->breakpoints->take_out_of_reach(); functions != 0) {
        sink_.tell(sink_.event_of(thread.process->key, thread.tid, GapEvent{GapCode::calls_not_followed, {}, functions}));
    }
}

void StepControl::leave_memory(TracedProcess& process) {
    const auto left = std::exchange(process.breakpoints, std::make_shared<Breakpoints>());
    for (auto& [tid, thread] : tracees_.threads()) {
        if (thread.process == &process) {
            thread.steps = {};
            free_scratch(*left, tid);
        }
    }
}

void StepControl::free_scratch(Breakpoints& breakpoints, pid_t user) {
    if (breakpoints.free_scratch(user)) {
        wake_parked(breakpoints);
    }
}

void StepControl::wake_parked(const Breakpoints& breakpoints) {
    for (auto& [tid, thread] : tracees_.threads()) {
        if (thread.process->breakpoints.get() == &breakpoints && thread.whereabouts.unpark()) {
            resumer_.go_on(thread);
        }
    }
}

}  // namespace procatlas
