#include "core/observe/linux/trace/lineage.h"

#include <linux/kcmp.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <set>
#include <utility>

#include "core/observe/linux/proc/clock.h"
#include "core/observe/linux/proc/proc_file.h"
#include "core/observe/linux/proc/proc_stat.h"
#include "core/observe/linux/proc/proc_status.h"

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

// The newborn shares its parent's memory and so its breakpoints, or has a copy of both.
void inherit_steps(const TracedThread& parent, TracedThread& child, ForkKind kind) {
    const auto& breakpoints = parent.process->breakpoints;
    child.process->breakpoints = shares_memory(kind) ? breakpoints : std::make_shared<Breakpoints>(breakpoints->inherited());
    child.steps.own.calls = parent.steps.own.calls;
    child.steps.in_own_code = parent.steps.in_own_code;
    child.steps.last_return = parent.steps.last_return;
}

}  // namespace

ForkKind fork_kind(pid_t parent, pid_t child, ParentGoesOn goes_on) {
    const long compared = ::syscall(SYS_kcmp, parent, child, KCMP_VM, 0, 0);
    const bool waits = goes_on == ParentGoesOn::later;
    // Where the kernel does not let us compare: nearly everybody who waits shares, and nobody else.
    const bool shares = compared == 0 || (compared < 0 && waits);
    return shares ? (waits ? ForkKind::vfork : ForkKind::shared_memory) : (waits ? ForkKind::waiting_parent : ForkKind::fork);
}

Lineage::Lineage(Tracees& tracees, Pacing& pacing, EventSink& sink, MapWatch& maps)
    : tracees_(tracees), pacing_(pacing), sink_(sink), maps_(maps), own_pid_(::getpid()) {}

TracedProcess& Lineage::add_process(ProcessKey key, pid_t parent) {
    if (TracedProcess* old = tracees_.find_process(key.pid)) {
        tell_reap(*old, Reaper::kernel, nullptr);  // its number is in use again
    }
    return tracees_.add_process(key, parent);
}

TracedThread& Lineage::add_first(pid_t pid) {
    const auto stat = read_proc_stat(pid);
    TracedThread& thread = tracees_.add_thread(pid, add_process({pid, stat ? stat->start_ticks : 0}, own_pid_));
    thread.life = ThreadLife::living;
    return thread;
}

TracedProcess& Lineage::add_attached(const Seized& seized) {
    TracedProcess& process = add_process(seized.key, seized.found.parent_pid);
    process.attached = true;
    process.stop_told = seized.found.state == FoundState::stopped;
    process.threads = static_cast<int>(seized.found.threads.size());
    for (const pid_t tid : seized.found.threads) {
        TracedThread& thread = tracees_.add_thread(tid, process);
        thread.life = ThreadLife::living;
        thread.whereabouts.seized();
    }
    if (const auto stat = read_proc_stat(seized.key.pid)) {
        process.marks = stat->marks;
    }
    return process;
}

TracedThread& Lineage::add_newborn(ProcessKey key, pid_t parent, const AddressMarks& marks) {
    TracedProcess& process = add_process(key, parent);
    process.marks = marks;
    TracedThread& thread = tracees_.add_thread(key.pid, process);
    if (pacing_.holds(EventClass::lifecycle)) {
        thread.whereabouts.hold_at_birth();
    }
    return thread;
}

void Lineage::expect_newborn() {
    if (pacing_.expect_newborn(tracees_.alive(), monotonic_ns())) {
        sink_.note(NoteCode::cap_reached, {}, pacing_.cap());
    }
}

bool Lineage::introduce(Resumed& fork) {
    const Birth& birth = *fork.birth();
    const TracedThread& parent = fork.thread();
    const auto stat = read_proc_stat(birth.child);
    const TracedProcess* known = tracees_.find_process(birth.child);
    if (!stat || (known && known->key.start_ticks == stat->start_ticks)) {
        return false;
    }
    const MemoryText* memory = shares_memory(birth.kind) ? fork.memory() : nullptr;
    memory = memory ? memory : maps_.read_newborn(birth.child, birth.marks);
    TracedThread& newborn = add_newborn({birth.child, stat->start_ticks}, stat->parent, birth.marks);
    inherit_steps(parent, newborn, birth.kind);
    newborn.process->descriptors = parent.process->descriptors;
    newborn.process->calls = parent.process->calls;
    newborn.process->attached = parent.process->attached;
    if (memory) {
        newborn.process->map = std::make_unique<MemoryText>(*memory);
        newborn.process->map_read_ns = monotonic_ns();
    }
    if (birth.child_pages) {
        newborn.process->pages = birth.child_pages;
        newborn.process->pages_rest = rest_of(birth.child);  // it has not run yet, and is stopped or soon will be
    }
    fork.add_child(ForkEvent{birth.kind, newborn.process->key, stat->parent, newborn.whereabouts.is_to_be_held()}, memory);
    return true;
}

TracedThread& Lineage::add_thread(pid_t tid, const TracedThread& maker) {
    ++maker.process->threads;
    TracedThread& made = tracees_.add_thread(tid, *maker.process);
    made.steps.in_own_code = maker.steps.in_own_code && !maker.process->breakpoints->knows_functions();
    return made;
}

TracedThread* Lineage::adopt(pid_t tid, const EarlyStop& early) {
    if (early.process != tid && early.process != 0) {
        TracedProcess* process = tracees_.find_process(early.process);
        if (!process) {
            return nullptr;
        }
        ++process->threads;
        return &tracees_.add_thread(tid, *process);
    }
    expect_newborn();
    const auto stat = read_proc_stat(tid);
    TracedThread& thread = add_newborn({tid, stat ? stat->start_ticks : 0}, early.parent, stat ? stat->marks : AddressMarks{});
    const TracedProcess* parent = tracees_.find_process(early.parent);
    if (parent) {
        *thread.process->breakpoints = parent->breakpoints->inherited();
        thread.process->calls = parent->calls;
        thread.process->attached = parent->attached;
    }
    const ProcessKey forker = parent ? parent->key : ProcessKey{early.parent, 0};
    const ObservedEvent event = sink_.event_of(
        forker, forker.pid, ForkEvent{ForkKind::fork, thread.process->key, early.parent, thread.whereabouts.is_to_be_held()});
    sink_.tell(event, nullptr, maps_.read_newborn(thread));
    return &thread;
}

void Lineage::tell_reap(TracedProcess& child, Reaper by, const TracedProcess* reaper) {
    const ProcessKey process = reaper                   ? reaper->key
                               : by == Reaper::outside  ? ProcessKey{}
                               : by == Reaper::observer ? ProcessKey{own_pid_, 0}
                                                        : ProcessKey{child.parent, 0};
    sink_.tell(sink_.event_of(process, process.pid, ReapEvent{child.key, by}));
    const pid_t pid = child.key.pid;
    if (TracedProcess* parent = tracees_.find_process(child.parent)) {
        parent->children.erase(pid);
        parent->dead_children -= child.is_dead() ? 1 : 0;
    }
    std::erase(zombies_, pid);
    tracees_.remove_process(pid);
}

// The kernel reaps by itself only at the moment of death, and only where the parent ignores its children.
void Lineage::look_for_reaped(TracedProcess& parent) {
    if (parent.dead_children == 0) {
        return;
    }
    std::vector<TracedProcess*> gone;
    for (const pid_t pid : parent.children) {
        TracedProcess* child = tracees_.find_process(pid);
        if (child && child->is_dead() && !process_exists(pid)) {
            gone.push_back(child);
        }
    }
    for (TracedProcess* child : gone) {
        const bool by_parent = child->life == ProcessLife::zombie || !reaps_by_itself(parent);
        tell_reap(*child, by_parent ? Reaper::parent : Reaper::kernel, by_parent ? &parent : nullptr);
    }
}

void Lineage::tell_reparent(TracedProcess& child, pid_t parent) {
    if (child.parent == parent) {
        return;
    }
    sink_.tell(sink_.event_of(child.key, child.key.pid, ReparentEvent{child.parent, parent, parent == own_pid_}));
    child.parent = parent;
    if (TracedProcess* adopter = tracees_.find_process(parent)) {
        adopter->children.insert(child.key.pid);
        adopter->dead_children += child.is_dead() ? 1 : 0;
    }
}

void Lineage::settle_dead(TracedProcess& dead) {
    const pid_t pid = dead.key.pid;
    const auto children = dead.children;
    for (const pid_t child_pid : children) {
        TracedProcess* child = tracees_.find_process(child_pid);
        if (!child) {
            continue;
        }
        const auto stat = read_proc_stat(child_pid);
        if (!stat) {  // a zombie that the kernel itself reaped
            if (child->is_dead()) {
                tell_reap(*child, Reaper::kernel, nullptr);
            }
        } else if (stat->parent != pid) {
            tell_reparent(*child, stat->parent);
        }
    }
    dead.children.clear();
    dead.dead_children = 0;
    if (dead.parent == own_pid_) {
        tell_reap(dead, Reaper::observer, nullptr);  // our wait was the tracer's and the parent's in one
        return;
    }
    zombies_.push_back(pid);
    if (TracedProcess* parent = tracees_.find_process(dead.parent)) {
        ++parent->dead_children;
    }
}

void Lineage::expect_unseen_death(TracedProcess& dying) {
    dying.life = ProcessLife::zombie;
    zombies_.push_back(dying.key.pid);
    if (TracedProcess* parent = tracees_.find_process(dying.parent)) {
        ++parent->dead_children;
    }
}

void Lineage::reaped_by_us(TracedProcess& child) {
    tell_reparent(child, own_pid_);
    tell_reap(child, Reaper::observer, nullptr);
}

void Lineage::look_for_unreported() {
    const auto zombies = zombies_;
    std::set<pid_t> looked_at;  // parents, which may have very many zombies
    for (const pid_t pid : zombies) {
        TracedProcess* zombie = tracees_.find_process(pid);
        if (!zombie) {
            std::erase(zombies_, pid);  // reaped beside another one of this round
            continue;
        }
        TracedProcess* parent = tracees_.find_process(zombie->parent);
        if (parent && !parent->is_dead()) {
            if (looked_at.insert(parent->key.pid).second) {
                look_for_reaped(*parent);
            }
        } else if (!process_exists(pid)) {
            tell_reap(*zombie, zombie->attached && !parent ? Reaper::outside : Reaper::kernel, nullptr);
        }
    }
}

void Lineage::finish() {
    const auto zombies = zombies_;
    for (const pid_t pid : zombies) {
        TracedProcess* zombie = tracees_.find_process(pid);
        if (zombie && !(zombie->attached && process_exists(pid))) {  // it may stay one after us
            tell_reap(*zombie, zombie->attached ? Reaper::outside : Reaper::kernel, nullptr);
        }
    }
}

}  // namespace procatlas
