// Lineage: who came of whom by fork, who adopts whom, who reaps whom. A stop at each wait(2) would cost more than all else of a
// short process's life, so reaps are found out afterwards: a zombie that is gone was reaped.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

#include "core/model/observed_event.h"
#include "core/observe/linux/trace/attach.h"
#include "core/observe/linux/trace/event_sink.h"
#include "core/observe/linux/trace/map_watch.h"
#include "core/observe/linux/trace/pacing.h"
#include "core/observe/linux/trace/stages.h"

namespace procatlas {

// later: with CLONE_VFORK, when the child has executed a program or ended
enum class ParentGoesOn { at_once, later };
// What `parent` has just made `child` by. Both are stopped, or about to be.
[[nodiscard]] ForkKind fork_kind(pid_t parent, pid_t child, ParentGoesOn goes_on);

class Lineage {
public:
    Lineage(Tracees& tracees, Pacing& pacing, EventSink& sink, MapWatch& maps);

    // The first process, a child of the observer.
    TracedThread& add_first(pid_t pid);
    // One that ran before us, and whose threads were seized while they ran.
    TracedProcess& add_attached(const Seized& seized);
    // The child of a fork whose parent has gone on: it becomes a process of ours, and the event tells of it. False: it was told
    // before, and has ended since, so there is no event.
    [[nodiscard]] bool introduce(Resumed& fork);
    // `maker` has made the thread `tid` of its own process.
    TracedThread& add_thread(pid_t tid, const TracedThread& maker);
    // The event of a birth never comes where the parent was killed at that moment; the child waits for us all the same, and is
    // told of here. Null: it is no child that stopped early, or nobody knows whose.
    TracedThread* adopt(pid_t tid, const EarlyStop& early);
    // A process is about to be made. Before its maker is paced, so that the maker is held too where the cap is reached.
    void expect_newborn();

    // Tells whom `parent` has reaped since it was last looked at.
    void look_for_reaped(TracedProcess& parent);
    // The process has died: tells who has adopted its children, and whether it was reaped itself. It may be gone afterwards.
    void settle_dead(TracedProcess& dead);
    // The process is not traced any more and about to die: its reaping will be seen in that it is gone.
    void expect_unseen_death(TracedProcess& dying);
    // We have reaped a process that died before, so it was ours in the end.
    void reaped_by_us(TracedProcess& child);
    // Tells what no stop has: reaps by parents that went on without one.
    void look_for_unreported();
    [[nodiscard]] bool has_zombies() const { return !zombies_.empty(); }
    // There is no child any more: tells the reaps that are still open.
    void finish();

private:
    TracedProcess& add_process(ProcessKey key, pid_t parent);
    TracedThread& add_newborn(ProcessKey key, pid_t parent, const AddressMarks& marks);
    void tell_reparent(TracedProcess& child, pid_t parent);
    // `reaper`: null where it is not the parent.
    void tell_reap(TracedProcess& child, Reaper by, const TracedProcess* reaper);

    Tracees& tracees_;
    Pacing& pacing_;
    EventSink& sink_;
    MapWatch& maps_;
    std::vector<pid_t> zombies_;  // dead, and their reaping was not seen yet
    pid_t own_pid_;
};

}  // namespace procatlas
