// The processes and their memory at one moment: a fold over the events up to it. Pure.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/model/address_space.h"
#include "core/model/event.h"
#include "core/model/kept_map.h"
#include "core/model/observed_event.h"
#include "core/model/pages.h"
#include "core/model/process_key.h"
#include "core/model/region.h"

namespace procatlas {

struct Descriptors;
struct Heap;
struct MemoryPieces;
struct PythonObject;
struct Stack;
struct Variable;

enum class ProcessState {
    running,  // not stopped by us or by job control: computing, or waiting in the kernel
    held,     // we stopped it at its last event
    stopped,  // by job control
    zombie,   // exited, not reaped
    gone,     // exited and reaped
};

struct ThreadState {
    std::int32_t thread = 0;
    Address program_counter = 0;  // at its last stop; 0: not known
    Address stack_pointer = 0;
    std::shared_ptr<const Stack> stack;  // at its last inspection; null: never inspected

    bool operator==(const ThreadState& other) const;  // compares the frames of `stack`, not the pointers
};

// A stack outlives its thread, because glibc keeps it for the next thread.
struct EndedThread {
    std::int32_t thread = 0;
    Address stack_pointer = 0;
    AddressRange stack;  // the mapping that contained it when the thread ended

    bool operator==(const EndedThread&) const = default;
};

struct Process {
    ProcessKey key;
    std::int32_t parent_pid = 0;        // the current one: changes when the process is reparented
    std::optional<std::size_t> parent;  // the process that forked it, an index in World::processes; none: the first program
    std::vector<std::size_t> children;  // the processes that it forked, in order
    ForkKind born_by = ForkKind::fork;
    WaitsEvent waits;                   // as last told, until the first thread acts; stands while `state` is `running`
    std::int32_t waits_for = 0;         // the child that it waits for before it goes on (vfork, CLONE_VFORK); 0: none
    std::vector<std::string> programs;  // each program it ran, in order: paths; empty before the first exec
    std::string told_name;              // what its program says that it is called (NoteCode::child_named); empty: nothing
    std::vector<std::string> arguments;
    bool arguments_cut = false;  // there were more than are kept, and the last one may not be whole
    bool made_by_exec = false;   // programs.back() came by an exec in this process, not by a fork
    ProcessState state = ProcessState::running;
    bool orphan = false;  // its parent ended first
    bool adopted_by_observer = false;
    bool found = false;          // it was there when somebody first looked; `parent` is who its PPid names then
    bool kernel_thread = false;  // it has no program and no memory of its own
    bool vanished = false;       // it is gone, and nobody has seen how it ended
    std::optional<ExitEvent> exit;
    std::optional<ReapEvent> reap;
    std::int32_t reaped_by_pid = 0;
    std::vector<std::int32_t> held_threads;  // stopped by us; while there is one, `state` is `held`
    std::vector<ThreadState> threads;        // alive; [0] is the leader
    std::vector<EndedThread> ended_threads;
    std::uint32_t threads_made = 1;                            // since the start, the leader included
    KeptMap memory;                                            // last read; null: never. After exit, the last one stays.
    std::size_t memory_moment = 0;                             // when it was read
    std::uint32_t changes_not_read = 0;                        // memory calls since then, which `memory` does not show
    std::shared_ptr<const std::vector<Variable>> globals;      // at the last inspection; null: never inspected
    std::shared_ptr<const std::vector<PythonObject>> objects;  // the same
    std::shared_ptr<const Heap> heap;
    std::shared_ptr<const MemoryPieces> pieces;
    std::string why_not_inside;                      // why it was not inspected when its program started; else empty
    std::string why_old_inside;                      // why it was not inspected at its last event; else empty
    std::shared_ptr<const Descriptors> descriptors;  // open files, last read; null: never. After exit, the last ones stay.
    std::size_t descriptors_moment = 0;              // when they last changed
    std::shared_ptr<const ResidentEvent> resident;   // last measured; null: never
    std::size_t resident_moment = 0;                 // when it was measured
    std::shared_ptr<const Pages> pages;       // last read; null: not since it has this memory. After exit, the last ones stay.
    std::optional<std::size_t> pages_moment;  // when they were read; none: `pages` is null too
    std::size_t born_moment = 0;
    std::size_t last_moment = 0;  // of its last event
    std::uint64_t start_ns = 0;
    std::optional<std::uint64_t> launch_ns;  // when procatlas's launcher became the first program; none: not yet, or forked
    std::optional<std::uint64_t> end_ns;

    [[nodiscard]] bool alive() const { return !exit.has_value() && !vanished; }
    [[nodiscard]] std::string program() const { return programs.empty() ? std::string() : programs.back(); }
    bool operator==(const Process& other) const;  // compares what `memory`, `resident` and `pages` point to
};

struct World {
    std::vector<Process> processes;                          // in order of birth
    std::unordered_map<std::int32_t, std::size_t> youngest;  // by pid: the index of the youngest process with that pid
    std::vector<std::string> command;                        // of the first process, as the person gave it
    std::vector<Ancestor> ancestors;                         // above the first process, the nearest first; up to PID 1
    // Launchers come before the program that `command` names: processes[1] to processes[launcher_processes] were made by them,
    // and the event `program_moment` is the exec that starts the program (launcher.h). 0: there was no launcher.
    std::size_t launcher_processes = 0;
    std::size_t program_moment = 0;
    std::size_t event_count = 0;  // events folded in; the moment is one less
    bool ended = false;  // the observer reported that all processes have ended or go on without it, or the observer was lost

    [[nodiscard]] const Process* find(ProcessKey key) const;
    // The youngest process with this pid.
    [[nodiscard]] const Process* find_pid(std::int32_t pid) const;
    [[nodiscard]] std::size_t alive_count() const;
    // Whether a launcher made the process at `index`.
    [[nodiscard]] bool is_of_launcher(std::size_t index) const { return index > 0 && index <= launcher_processes; }
    bool operator==(const World&) const = default;
};

// What `apply` found out about an event.
struct Folded {
    std::optional<std::size_t> process;  // index in World::processes; none: the process is not known
    std::optional<std::size_t> child;    // the process that a fork created
    AddressRange ended_stack;            // of a ThreadExitEvent: what its `stack` should be
};

// What was read at an event and is kept apart from it.
struct EventReadings {
    std::shared_ptr<const AddressSpace> memory;
    std::shared_ptr<const AddressSpace> child_memory;
    std::span<const PagesRead> pages;  // in the order of `Event::pages`
};

// Applies one event to the world. Without its readings, `memory` and `pages` stay as they are, and all else is set. A map
// without mappings counts as none.
Folded apply(World& world, const Event& event, const EventReadings& readings = {});

// Resident bytes of the pages that `range` touches, from the last measurement of the process; nullopt: not measured there.
[[nodiscard]] std::optional<ByteCount> resident_bytes(const Process& process, AddressRange range);

// The process whose memory the process at `index` uses. That is itself, except for a child by vfork or clone with CLONE_VM that
// has neither called exec nor ended: it runs in the memory of its parent.
[[nodiscard]] std::size_t memory_owner(const World& world, std::size_t index);

// Whether `event` is the exec by which procatlas's launcher became the first program. Nothing before it belongs to that
// program. `world`: the world at the event or later.
[[nodiscard]] bool is_launch(const World& world, const Event& event);

// The pages of a region of `process`; none: not read.
[[nodiscard]] std::optional<RegionPages> pages_of(const Process& process, const Region& region);

// Regions of the memory of `process`; empty if its map was never read.
[[nodiscard]] std::vector<Region> regions_of(const Process& process, std::span<const ElfImage> images);

}  // namespace procatlas
