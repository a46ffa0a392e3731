// What the tracer keeps of each process and thread it follows.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <unordered_map>
#include <vector>

#include "core/model/address_space.h"
#include "core/model/descriptors.h"
#include "core/model/pages.h"
#include "core/model/process_key.h"
#include "core/observe/linux/step/breakpoints.h"
#include "core/observe/linux/trace/fine_state.h"
#include "core/stream/event_stream.h"

namespace procatlas {

struct TracedProcess {
    ProcessKey key;
    pid_t parent = 0;          // its PPid as last seen
    std::set<pid_t> children;  // known ones that have it as PPid, zombies included
    int threads = 1;           // not yet at their exit stop
    int threads_made = 1;
    AddressMarks marks;
    std::uint32_t mappings_before_exec = 0;
    bool map_stale = false;                    // a memory call was told without its map, for reading it takes long
    std::int64_t map_budget = 0;               // bytes of maps that may be told at memory calls
    std::uint64_t map_cost_ns = 0;             // of the last reading
    std::uint64_t map_read_at_ns = 0;          // when it was
    std::shared_ptr<const Pages> pages;        // as last read
    std::uint64_t pages_cost_ns = 0;           // of that
    std::uint64_t pages_read_at_ns = 0;        // when it was
    std::uint64_t memory_line = 0;             // the same in all that have their memory from one another by fork
    std::optional<int> leader_status;          // wait status at the leader's exit stop
    std::unique_ptr<MemoryText> final_memory;  // as the last thread left it, where the status was not certain then
    bool exit_told = false;
    bool stop_told = false;
    bool dead = false;                // waited for by us; a zombie of its parent until reaped
    int dead_children = 0;            // of `children`, those that nobody has reaped yet
    std::uint64_t waited_faults = 0;  // of its reaped children, when last looked at (proc_stat.h)
    std::shared_ptr<Breakpoints> breakpoints = std::make_shared<Breakpoints>();  // of its memory, shared with who shares that
    std::shared_ptr<const Descriptors> descriptors;                              // as last told; null: never read
    std::vector<OpenDescriptor> closing;                                         // close-on-exec when exec was called
    bool zombie_seen = false;  // it was still there when it had died: only its parent can reap it now
};

struct TracedThread {
    pid_t tid = 0;
    TracedProcess* process = nullptr;
    bool stopped = false;            // at a stop that we have taken and must answer
    bool listening = false;          // in a group stop, left to job control
    bool born = false;               // its first stop was seen
    bool exiting = false;            // its exit stop was seen
    bool listen = false;             // to be left in a group stop when it is resumed
    bool held = false;               // not to be resumed until a command says so
    bool waits = false;              // nor until somebody has looked inside
    std::uint64_t resume_at_ns = 0;  // slow motion; 0: not waiting
    int signal = 0;                  // to be delivered when it is resumed
    bool in_call = false;            // the return of `call` will stop it
    std::uint64_t call = 0;
    std::array<std::uint64_t, 6> arguments{};
    FineState fine;
};

using ProcessTable = std::unordered_map<pid_t, std::unique_ptr<TracedProcess>>;
using ThreadTable = std::unordered_map<pid_t, TracedThread>;

}  // namespace procatlas
