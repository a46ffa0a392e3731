// Tracer: who is whose child, who adopts whom, who reaps whom.
#include <sys/ptrace.h>

#include <algorithm>

#include "core/observe/linux/clock.h"
#include "core/observe/linux/proc_file.h"
#include "core/observe/linux/proc_stat.h"
#include "core/observe/linux/tracer.h"

namespace procatlas {

TracedProcess& Tracer::add_process(pid_t pid, pid_t parent, std::uint64_t start_ticks) {
    if (const auto old = processes_.find(pid); old != processes_.end()) {
        tell_reap(*old->second, Reaper::kernel, nullptr);  // its number is in use again
    }
    auto& process = processes_[pid] = std::make_unique<TracedProcess>();
    process->key = {pid, start_ticks};
    process->parent = parent;
    if (const auto known = processes_.find(parent); known != processes_.end()) {
        known->second->children.insert(pid);
    }
    ++alive_;
    return *process;
}

TracedThread& Tracer::add_newborn(pid_t child, pid_t parent, std::uint64_t start_ticks, const AddressMarks& marks) {
    TracedProcess& process = add_process(child, parent, start_ticks);
    process.marks = marks;
    if (cap_ != 0 && alive_ > cap_) {
        if (pacing_.stopping) {
            kill_at_ns_ = monotonic_ns();  // whoever goes on making processes is not asked twice
        } else if (!pacing_.capped) {
            pacing_.capped = true;
            note(NoteCode::cap_reached, {}, cap_);
        }
    }
    TracedThread& thread = threads_[child];
    thread.tid = child;
    thread.process = &process;
    thread.held = pacing_.holds(EventClass::lifecycle);
    return thread;
}

void Tracer::add_early(pid_t tid, int status) {
    const auto stat = read_proc_stat(tid);
    early_[tid] = {status, process_of_thread(tid), stat ? stat->parent : 0, monotonic_ns()};
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
    const auto stat = read_proc_stat(tid);
    TracedThread& thread = add_newborn(tid, early.parent, stat ? stat->start_ticks : 0, stat ? stat->marks : AddressMarks{});
    const auto parent = processes_.find(early.parent);
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
    }
    std::erase(zombies_, pid);
    processes_.erase(pid);
}

void Tracer::on_wait_returned(TracedProcess& parent, std::int64_t result, bool is_waitid) {
    if (!is_waitid) {
        const auto child = processes_.find(static_cast<pid_t>(result));
        if (result > 0 && child != processes_.end() && child->second->dead) {
            tell_reap(*child->second, Reaper::parent, &parent);
        }
        return;
    }
    // waitid tells its caller by memory, and may leave the zombie (WNOWAIT): the kernel's table decides.
    const auto children = parent.children;
    for (const pid_t pid : children) {
        const auto child = processes_.find(pid);
        if (result == 0 && child != processes_.end() && child->second->dead && !process_exists(pid)) {
            tell_reap(*child->second, Reaper::parent, &parent);
        }
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
    if (dead.parent == own_pid_) {
        tell_reap(dead, Reaper::observer, nullptr);  // our wait was the tracer's and the parent's in one
    } else {
        zombies_.push_back(pid);
    }
}

// A parent that ignores SIGCHLD never waits; nor does one tell us that waits by another way.
void Tracer::look_for_vanished() {
    const auto zombies = zombies_;
    for (const pid_t pid : zombies) {
        const auto found = processes_.find(pid);
        if (found == processes_.end()) {
            std::erase(zombies_, pid);
            continue;
        }
        // Its parent may be on its way out of wait: give it a tick.
        constexpr int patience = 2;
        if (!process_exists(pid) && ++found->second->ticks_gone >= patience) {
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
