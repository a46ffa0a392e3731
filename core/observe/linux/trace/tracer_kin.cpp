// Tracer: who is whose child, who adopts whom, who reaps whom.
#include <sys/ptrace.h>

#include <algorithm>
#include <utility>

#include "core/observe/linux/proc/clock.h"
#include "core/observe/linux/proc/proc_file.h"
#include "core/observe/linux/proc/proc_stat.h"
#include "core/observe/linux/trace/tracer.h"

namespace procatlas {
namespace {

// Whether the kernel reaps the children of `parent`: it ignores SIGCHLD, or has set SA_NOCLDWAIT, which shows in that it is not
// credited with their page faults (getrusage(2), RUSAGE_CHILDREN).
bool reaps_by_itself(TracedProcess& parent) {
    if (ignores_children(parent.key.pid)) {
        return true;
    }
    const auto stat = read_proc_stat(parent.key.pid);
    return stat && std::exchange(parent.waited_faults, stat->waited_faults) == stat->waited_faults;
}

}  // namespace

TracedProcess& Tracer::add_process(pid_t pid, pid_t parent, std::uint64_t start_ticks) {
    if (const auto old = processes_.find(pid); old != processes_.end()) {
        tell_reap(*old->second, Reaper::kernel, nullptr);  // its number is in use again
    }
    auto& process = processes_[pid] = std::make_unique<TracedProcess>();
    process->key = {pid, start_ticks};
    process->parent = parent;
    if (const auto known = processes_.find(parent); known != processes_.end()) {
        known->second->children.insert(pid);
        process->memory_line = known->second->memory_line;
    }
    ++alive_;
    return *process;
}

// Before its parent is paced, so that it is held too where this one is beyond the cap.
void Tracer::expect_newborn() {
    if (cap_ == 0 || alive_ < cap_) {
        return;
    }
    if (pacing_.stopping) {
        kill_at_ns_ = monotonic_ns();  // whoever goes on making processes is not asked twice
    } else if (!pacing_.capped) {
        pacing_.capped = true;
        note(NoteCode::cap_reached, {}, cap_);
    }
}

TracedThread& Tracer::add_newborn(pid_t child, pid_t parent, std::uint64_t start_ticks, const AddressMarks& marks) {
    TracedProcess& process = add_process(child, parent, start_ticks);
    process.marks = marks;
    TracedThread& thread = threads_[child];
    thread.tid = child;
    thread.process = &process;
    thread.held = pacing_.holds(EventClass::lifecycle);
    return thread;
}

void Tracer::add_early(pid_t tid, int status) {
    const ThreadOwner owner = owner_of_thread(tid);
    early_[tid] = {status, owner.process, owner.parent, monotonic_ns()};
    // A thread that is at its end already: whoever made it was ended in the act, and nobody else will tell of it.
    if (status >> 16 == PTRACE_EVENT_EXIT && early_[tid].process != tid) {
        adopt_early(tid, false);
    }
}

// The stop that came before the news of its birth.
void Tracer::told_early(TracedThread& thread) {
    if (const auto early = early_.extract(thread.tid)) {
        handle_stop(thread, early.mapped().status);
    }
}

// The news of a birth never comes where the parent was killed at that moment; the child waits for us all the same.
// `ended`: it has ended by now, so there is no stop to answer.
void Tracer::adopt_early(pid_t tid, bool ended) {
    const auto entry = early_.extract(tid);
    if (!entry) {
        return;
    }
    const Early early = entry.mapped();
    if (early.process != tid && early.process != 0) {
        const auto process = processes_.find(early.process);
        if (process != processes_.end()) {
            ++process->second->threads;
            ++process->second->threads_made;
            TracedThread& thread = threads_[tid];
            thread.tid = tid;
            thread.process = process->second.get();
            if (!ended) {
                handle_stop(thread, early.status);
            }
        }
        return;
    }
    expect_newborn();
    const auto stat = read_proc_stat(tid);
    TracedThread& thread = add_newborn(tid, early.parent, stat ? stat->start_ticks : 0, stat ? stat->marks : AddressMarks{});
    const auto parent = processes_.find(early.parent);
    if (parent != processes_.end()) {
        *thread.process->breakpoints = *parent->second->breakpoints;
        thread.process->breakpoints->scratch_user = 0;
    }
    Event event = event_of(thread, ForkEvent{ForkKind::fork, thread.process->key, early.parent, nullptr, thread.held});
    event.process = parent == processes_.end() ? ProcessKey{early.parent, 0} : parent->second->key;
    event.thread = event.process.pid;
    const MemoryText* memory = read_memory(thread, child_memory_);
    emit(event, nullptr, memory);
    if (!ended) {
        handle_stop(thread, early.status);
    }
}

void Tracer::adopt_early_children(pid_t parent) {
    std::vector<pid_t> orphans;
    for (const auto& [tid, early] : early_) {
        if (early.parent == parent || early.process == parent) {
            orphans.push_back(tid);
        }
    }
    for (const pid_t tid : orphans) {
        adopt_early(tid, false);
    }
}

void Tracer::tell_reap(TracedProcess& child, Reaper by, const TracedProcess* reaper) {
    Event event;
    event.time_ns = now();
    event.process = reaper ? reaper->key : ProcessKey{by == Reaper::observer ? own_pid_ : child.parent, 0};
    event.thread = event.process.pid;
    event.detail = ReapEvent{child.key, by};
    emit(event);
    const pid_t pid = child.key.pid;
    if (const auto parent = processes_.find(child.parent); parent != processes_.end()) {
        parent->second->children.erase(pid);
        parent->second->dead_children -= child.dead ? 1 : 0;
    }
    std::erase(zombies_, pid);
    processes_.erase(pid);
}

// Whom a parent has reaped since its last stop. A stop at each wait would cost more than all else of a short process's life,
// and the kernel tells afterwards: a zombie that is gone was reaped. It reaps by itself only at the moment of death, and only
// where the parent ignores its children.
void Tracer::look_for_reaped(TracedProcess& parent) {
    if (parent.dead_children == 0) {
        return;
    }
    std::vector<TracedProcess*> gone;
    for (const pid_t pid : parent.children) {
        const auto child = processes_.find(pid);
        if (child != processes_.end() && child->second->dead && !process_exists(pid)) {
            gone.push_back(child->second.get());
        }
    }
    for (TracedProcess* child : gone) {
        const bool by_parent = child->zombie_seen || !reaps_by_itself(parent);
        tell_reap(*child, by_parent ? Reaper::parent : Reaper::kernel, by_parent ? &parent : nullptr);
    }
}

void Tracer::tell_reparent(TracedProcess& child, pid_t parent) {
    if (child.parent == parent) {
        return;
    }
    Event event;
    event.time_ns = now();
    event.process = child.key;
    event.thread = child.key.pid;
    event.detail = ReparentEvent{child.parent, parent, parent == own_pid_};
    emit(event);
    child.parent = parent;
    if (const auto adopter = processes_.find(parent); adopter != processes_.end()) {
        adopter->second->children.insert(child.key.pid);
        adopter->second->dead_children += child.dead ? 1 : 0;
    }
}

void Tracer::settle_kin_of(TracedProcess& dead) {
    const pid_t pid = dead.key.pid;
    adopt_early_children(pid);
    const auto children = dead.children;
    for (const pid_t child_pid : children) {
        const auto found = processes_.find(child_pid);
        if (found == processes_.end()) {
            continue;
        }
        TracedProcess& child = *found->second;
        const auto stat = read_proc_stat(child_pid);
        if (!stat) {  // a zombie that the kernel itself reaped
            if (child.dead) {
                tell_reap(child, Reaper::kernel, nullptr);
            }
            continue;
        }
        if (stat->parent == pid) {
            continue;
        }
        tell_reparent(child, stat->parent);
    }
    dead.children.clear();
    dead.dead_children = 0;
    if (dead.parent == own_pid_) {
        tell_reap(dead, Reaper::observer, nullptr);  // our wait was the tracer's and the parent's in one
    } else {
        zombies_.push_back(pid);
        if (const auto parent = processes_.find(dead.parent); parent != processes_.end()) {
            ++parent->second->dead_children;
        }
    }
}

// What no stop has told: reaps of parents that went on without one, births whose news was lost.
void Tracer::look_for_unreported() {
    const auto zombies = zombies_;
    for (const pid_t pid : zombies) {
        const auto found = processes_.find(pid);
        if (found == processes_.end()) {
            std::erase(zombies_, pid);  // reaped beside another one of this round
            continue;
        }
        const auto parent = processes_.find(found->second->parent);
        if (parent != processes_.end() && !parent->second->dead) {
            look_for_reaped(*parent->second);
        } else if (!process_exists(pid)) {
            tell_reap(*found->second, Reaper::kernel, nullptr);
        }
    }
    constexpr std::uint64_t fork_event_patience_ns = 1'000'000'000;
    std::vector<pid_t> late;
    for (const auto& [tid, early] : early_) {
        const auto parent = processes_.find(early.parent);
        const bool parent_gone = parent != processes_.end() && parent->second->dead;
        if (parent_gone || monotonic_ns() - early.since_ns > fork_event_patience_ns) {
            late.push_back(tid);
        }
    }
    for (const pid_t tid : late) {
        adopt_early(tid, false);
    }
}

void Tracer::finish() {
    const auto zombies = zombies_;
    for (const pid_t pid : zombies) {
        if (const auto found = processes_.find(pid); found != processes_.end()) {
            tell_reap(*found->second, Reaper::kernel, nullptr);
        }
    }
}

}  // namespace procatlas
