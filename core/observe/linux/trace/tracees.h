// The processes and threads that are followed, and the children that have stopped before their birth was told. References stay
// valid until the entry itself is removed.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "core/model/address_space.h"
#include "core/model/descriptors.h"
#include "core/model/event.h"
#include "core/model/pages.h"
#include "core/model/process_key.h"
#include "core/observe/linux/step/breakpoints.h"
#include "core/observe/linux/step/thread_steps.h"
#include "core/observe/linux/trace/call_stop.h"
#include "core/observe/linux/trace/filter_addition.h"
#include "core/observe/linux/trace/held_signal.h"
#include "core/observe/linux/trace/map_budget.h"
#include "core/observe/linux/trace/wait_status.h"
#include "core/observe/linux/trace/whereabouts.h"
#include "core/stream/event_stream.h"

namespace procatlas {

// How far a process has come; each state follows the one before, and the last two exclude each other.
enum class ProcessLife {
    living,
    exit_told,  // its exit event was sent, its threads are still ending
    dead,       // waited for by us; its parent may have reaped it at once
    zombie,     // waited for by us, and still there then: only its parent can reap it now
};

// What the calls of a process have made of its descriptors and filters, as far as we have to know. A child has its parent's.
struct WatchedCalls {
    std::map<std::int32_t, OutputStream> to_terminal;  // descriptors above 2 that led to the terminal when they were made
    std::set<std::int32_t> filtered;                   // those whose writes stop the process, or cannot be made to
    int filters_added = 0;                             // to that of the launch
    bool no_new_privileges = false;                    // it has asked for that itself
    // A Python interpreter that tells of its program keeps frames in pieces of memory that come and go with its calls, most of
    // them with those of our hook. They are no events.
    bool is_told_by_hook = false;
    std::set<Address> frame_pieces;  // those that are mapped
};

struct TracedProcess {
    ProcessKey key;
    pid_t parent = 0;          // its PPid as last seen
    std::set<pid_t> children;  // known ones that have it as PPid, zombies included
    bool attached = false;     // it, or who it comes from, ran before us: it is no descendant of ours
    ProcessLife life = ProcessLife::living;
    int threads = 1;                  // not yet at their exit stop
    int dead_children = 0;            // of `children`, those that nobody has reaped yet
    std::uint64_t waited_faults = 0;  // of its reaped children, when last looked at (proc_stat.h)
    bool stop_told = false;           // job control has stopped it, and its stop event was sent

    AddressMarks marks;
    MapBudget map_budget;
    std::unique_ptr<MemoryText> map;  // as last read; null: never, or it could not be
    std::uint64_t map_read_ns = 0;    // when the whole of it was
    std::uint32_t mappings_before_exec = 0;
    std::uint64_t memory_line = 0;             // the same in all whose memory comes from one another's by fork
    std::shared_ptr<const Pages> pages;        // as last read
    std::uint64_t pages_rest = 0;              // rest_of() at that reading
    std::uint64_t pages_cost_ns = 0;           // of the last reading of all of them
    std::uint64_t pages_read_at_ns = 0;        // when it was
    std::optional<WaitStatus> leader_status;   // at the leader's exit stop
    std::unique_ptr<MemoryText> final_memory;  // as the last thread left it, where the status was not certain then
    std::shared_ptr<Breakpoints> breakpoints = std::make_shared<Breakpoints>();  // of its memory, shared with who shares that
    std::shared_ptr<const Descriptors> descriptors;                              // as last told; null: never read
    std::unique_ptr<const Descriptors> at_exec;                                  // when exec was called
    WatchedCalls calls;
    bool unreadable_told = false;              // the kernel does not let us look at its memory, and that was told
    std::optional<bool> in_our_pid_namespace;  // nullopt: not asked yet

    [[nodiscard]] bool is_dead() const { return life == ProcessLife::dead || life == ProcessLife::zombie; }
};

// unborn: its first stop was not seen; exiting: its exit stop was.
enum class ThreadLife : std::uint8_t { unborn, living, exiting };

// How a thread goes on from its stop when nothing keeps it.
enum class ResumeWay : std::uint8_t { run, rejoin_group_stop, without_us };

struct TracedThread {
    pid_t tid = 0;
    TracedProcess* process = nullptr;
    Whereabouts whereabouts;
    ThreadLife life = ThreadLife::unborn;
    ResumeWay resume_way = ResumeWay::run;
    int signal = 0;  // to be delivered when it is resumed
    std::optional<PendingCall> call;
    std::unique_ptr<FilterAddition> addition;  // under way, and `call` is it
    ThreadSteps steps;
    HeldSignal held_signal;

    [[nodiscard]] bool is_leader() const { return tid == process->key.pid; }
};

// A child that stopped before the event of its birth came.
struct EarlyStop {
    WaitStatus status;
    pid_t process = 0;  // itself, unless it is a thread
    pid_t parent = 0;   // PPid
    std::uint64_t since_ns = 0;
};

class Tracees {
public:
    // No other process may have that number.
    TracedProcess& add_process(ProcessKey key, pid_t parent);
    [[nodiscard]] TracedProcess* find_process(pid_t pid);
    void remove_process(pid_t pid);
    [[nodiscard]] auto& processes() { return processes_; }

    // Processes whose exit was not told yet.
    [[nodiscard]] std::size_t alive() const { return alive_; }
    void mark_exit_told(TracedProcess& process);

    // Replaces a thread of that number.
    TracedThread& add_thread(pid_t tid, TracedProcess& process);
    [[nodiscard]] TracedThread* find_thread(pid_t tid);
    void remove_thread(pid_t tid);
    void remove_threads_of(const TracedProcess& process, pid_t except = 0);
    [[nodiscard]] auto& threads() { return threads_; }

    void add_early(pid_t tid, const EarlyStop& early);
    [[nodiscard]] std::optional<EarlyStop> take_early(pid_t tid);
    [[nodiscard]] bool is_early(pid_t tid) const { return early_.contains(tid); }
    [[nodiscard]] bool has_early() const { return !early_.empty(); }
    // The children and threads of `process` among them.
    [[nodiscard]] std::vector<pid_t> early_of(pid_t process) const;
    // Those whose parent has died, or who stopped before `since_ns`: the event of their birth was lost.
    [[nodiscard]] std::vector<pid_t> early_and_late(std::uint64_t since_ns) const;

    // Sends `signal` to every process that has not died.
    void signal_all(int signal) const;

private:
    std::unordered_map<pid_t, TracedProcess> processes_;
    std::unordered_map<pid_t, TracedThread> threads_;
    std::unordered_map<pid_t, EarlyStop> early_;
    std::size_t alive_ = 0;
};

}  // namespace procatlas
