// How each kind of event changes a world.
#include <algorithm>
#include <type_traits>

#include "core/model/inside.h"
#include "core/model/launcher.h"
#include "core/model/world.h"

namespace procatlas {
namespace {

Process* find_mutable(World& world, ProcessKey key) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): one search for both
    return const_cast<Process*>(world.find(key));
}

std::size_t index_of(const World& world, const Process& process) {
    return static_cast<std::size_t>(&process - world.processes.data());
}

const Mapping* mapping_at(const Process& process, Address address) {
    return process.memory && address != 0 ? find_mapping(*process.memory, address) : nullptr;
}

bool is_read(const std::shared_ptr<const AddressSpace>& memory) {
    return memory && !memory->mappings.empty();
}

ThreadState& thread_of(Process& process, std::int32_t thread) {
    const auto it = std::ranges::find(process.threads, thread, &ThreadState::thread);
    if (it != process.threads.end()) {
        return *it;
    }
    return process.threads.emplace_back(ThreadState{thread, 0, 0, nullptr});
}

// One fold step for each kind of event. `self` is null if the event belongs to no known process.
struct Fold {
    World& world;
    const Event& event;
    const EventReadings& readings;
    std::size_t moment;
    Process* self;
    Folded folded;

    Process& born(ProcessKey key, std::int32_t parent_pid) {
        Process process;
        process.key = key;
        process.parent_pid = parent_pid;
        process.born_moment = moment;
        process.last_moment = moment;
        process.start_ns = event.time_ns;
        process.threads.push_back({key.pid, 0, 0, nullptr});
        world.youngest[key.pid] = world.processes.size();
        return world.processes.emplace_back(std::move(process));
    }

    void operator()(const StartEvent& e) {
        Process& process = born(event.process, e.parent_pid);
        process.arguments = e.arguments.all();
        if (world.command.empty()) {
            world.command = process.arguments;
        }
        take_ancestors(e.ancestors.all());
        self = &process;
        folded.process = index_of(world, process);
    }

    void take_ancestors(const std::vector<Ancestor>& ancestors) {
        world.ancestors = world.ancestors.empty() ? ancestors : world.ancestors;
    }

    void operator()(const FoundEvent& e) {
        const FoundProcess& found = *e.process;
        if (!self) {
            self = &born(event.process, found.parent_pid);
            self->found = true;
            self->parent = find_parent(*self);
            folded.process = index_of(world, *self);
            if (self->parent) {
                world.processes[*self->parent].children.push_back(*folded.process);
            }
            take_ancestors(found.ancestors);
        }
        self->orphan |= self->parent_pid != found.parent_pid;
        self->parent_pid = found.parent_pid;
        const std::string program = found.path.empty() ? found.name : found.path;
        if (self->programs.empty() || self->programs.back() != program) {
            self->programs.push_back(program);
            self->made_by_exec = true;
        }
        self->why_not_inside = ran_before;
        self->arguments = found.arguments;
        self->arguments_cut = found.arguments_cut;
        self->kernel_thread = found.state == FoundState::kernel;
        self->state = found.state == FoundState::stopped  ? ProcessState::stopped
                      : found.state == FoundState::zombie ? ProcessState::zombie
                                                          : ProcessState::running;
        std::erase_if(self->threads, [&](const ThreadState& thread) {
            return thread.thread != self->key.pid && std::ranges::find(found.threads, thread.thread) == found.threads.end();
        });
        for (const std::int32_t thread : found.threads) {
            thread_of(*self, thread);
        }
        self->threads_made = std::max(self->threads_made, static_cast<std::uint32_t>(self->threads.size()));
    }

    // Only one that was born before: then no process is its own ancestor.
    [[nodiscard]] std::optional<std::size_t> find_parent(const Process& process) const {
        const Process* parent = world.find_pid(process.parent_pid);
        return parent && parent != &process && parent->alive() ? std::optional(index_of(world, *parent)) : std::nullopt;
    }

    void operator()(const GoneEvent&) {
        if (self) {
            self->vanished = true;
            self->end_ns = event.time_ns;
            self->state = ProcessState::gone;
        }
    }

    void operator()(const ForkEvent& e) {
        const std::optional<std::size_t> parent = folded.process;
        Process& child = born(e.child, e.child_parent_pid);
        child.born_by = e.kind;
        if (e.child_held) {
            child.state = ProcessState::held;
            child.held_threads.push_back(e.child.pid);
        }
        child.parent = parent;
        folded.child = index_of(world, child);
        self = parent ? &world.processes[*parent] : nullptr;  // the vector may have reallocated
        if (self) {
            child.programs = self->programs.empty() ? std::vector<std::string>{} : std::vector{self->programs.back()};
            child.arguments = self->arguments;
            child.arguments_cut = self->arguments_cut;
            take_inside(child, e.kind);
            child.why_not_inside = self->why_not_inside;
            child.why_old_inside = self->why_old_inside;
            self->children.push_back(world.processes.size() - 1);
            take_descriptors(*self);
            child.descriptors = self->descriptors;
            child.descriptors_moment = moment;
            if (parent_waits(e.kind) && self->threads.size() == 1) {  // of several threads only one waits
                self->waits_for = e.child.pid;
            }
        }
        child.memory = is_read(readings.child_memory) ? KeptMap(readings.child_memory) : KeptMap();
        child.memory_moment = moment;
    }

    // The child's memory is that of its parent at this moment, so what was read at this event is true of both.
    void take_inside(Process& child, ForkKind kind) const {
        static const Inside nothing;
        const Inside& read = event.inside ? *event.inside : nothing;
        child.globals = read.globals ? read.globals : self->globals;
        child.objects = read.objects ? read.objects : self->objects;
        child.heap = read.heap ? read.heap : self->heap;
        child.pieces = read.pieces ? read.pieces : self->pieces;
        const auto forking = std::ranges::find(self->threads, event.thread, &ThreadState::thread);
        // The frames of Python are those that it told of last; nobody reads them at a fork.
        const bool told = forking != self->threads.end() && forking->stack && is_of_python(*forking->stack);
        const auto stack = read.stack ? read.stack : told ? forking->stack : nullptr;
        if (stack && !shares_memory(kind)) {
            ThreadState& leader = thread_of(child, child.key.pid);
            leader.stack = stack;
            leader.program_counter = event.program_counter;
            leader.stack_pointer = event.stack_pointer;
        }
    }

    void operator()(const ThreadEvent& e) {
        if (self) {
            thread_of(*self, e.thread);
            ++self->threads_made;
        }
    }

    void operator()(const ThreadExitEvent& e) {
        if (self) {
            const auto ended = std::ranges::find(self->threads, e.thread, &ThreadState::thread);
            const Mapping* stack = ended == self->threads.end() ? nullptr : mapping_at(*self, ended->stack_pointer);
            folded.ended_stack = stack ? stack->range : e.stack;
            if (ended != self->threads.end() && !folded.ended_stack.empty() && e.thread != self->key.pid) {
                self->ended_threads.push_back({e.thread, ended->stack_pointer, folded.ended_stack});
            }
            std::erase_if(self->threads, [&](const ThreadState& t) { return t.thread == e.thread; });
        }
    }

    void operator()(const ExecEvent& e) {
        if (self) {
            let_parent_continue();
            if (!self->parent && self->programs.empty()) {
                self->launch_ns = event.time_ns;
            }
            if (self == world.processes.data() && !self->programs.empty() &&
                world.processes.size() > 1 + world.launcher_processes && continues_command(world.command, e.arguments.all())) {
                world.launcher_processes = world.processes.size() - 1;
                world.program_moment = moment;
            }
            self->programs.push_back(e.path);
            self->arguments = std::vector<std::string>(e.arguments.all());  // with no more room than that
            self->told_name.clear();
            self->arguments_cut = e.arguments_cut;
            self->made_by_exec = true;
            self->waits = {};
            self->globals = nullptr;
            self->objects = nullptr;
            self->heap = nullptr;
            self->pieces = nullptr;
            self->why_not_inside = world.processes.front().found ? ran_before : "";
            self->why_old_inside.clear();
            self->pages = nullptr;
            self->pages_moment.reset();
            self->threads = {{self->key.pid, 0, 0, nullptr}};
            self->ended_threads.clear();
            self->held_threads.clear();
        }
    }

    void operator()(const ExecFailedEvent&) {}

    void operator()(const ExitEvent& e) {
        if (self) {
            let_parent_continue();
            self->exit = e;
            self->end_ns = event.time_ns;
            self->state = ProcessState::zombie;
        }
    }

    void operator()(const ReapEvent& e) {
        if (Process* child = find_mutable(world, e.child)) {
            child->reap = e;
            child->reaped_by_pid = event.process.pid;
            child->state = ProcessState::gone;
        }
    }

    void operator()(const ReparentEvent& e) {
        if (self) {
            self->parent_pid = e.new_parent_pid;
            self->orphan = true;
            self->adopted_by_observer = e.to_observer;
        }
    }

    void operator()(const SignalEvent&) {}
    void operator()(const StopEvent&) {
        if (self) {
            self->state = ProcessState::stopped;
        }
    }
    void operator()(const ContinueEvent&) {
        if (self && self->state == ProcessState::stopped) {
            self->state = ProcessState::running;
        }
    }
    void operator()(const OutputEvent&) {}
    void operator()(const MemoryEvent&) {}
    void operator()(const ResidentEvent& e) {
        if (self) {
            self->resident = std::make_shared<const ResidentEvent>(e);
            self->resident_moment = moment;
        }
        self = nullptr;  // the process was only measured; nothing happened to it
    }
    void operator()(const CallEvent&) {}
    void operator()(const ReturnEvent&) {}
    void operator()(const SuspendEvent&) {}
    void operator()(const ResumeEvent&) {}
    void operator()(const WriteEvent&) {}
    void operator()(const LineEvent&) {}
    void operator()(const ExceptionEvent&) {}
    void operator()(const InstructionEvent&) {}
    void operator()(const PagesEvent&) {}
    void operator()(const WaitsEvent& e) {
        if (self) {
            self->waits = e;
        }
        self = nullptr;  // it goes on as before; its last event stays what it did
    }
    void operator()(const StepEvent&) {}
    void operator()(const NoteEvent& e) {
        if (e.code == NoteCode::all_ended || e.code == NoteCode::left || e.code == NoteCode::attach_refused) {
            world.ended = true;
            let_all_go();
        } else if (e.code == NoteCode::child_named && self) {
            self->told_name = e.text;
        }
    }
    // Nobody holds them any more: who was held runs, or has ended.
    void let_all_go() {
        for (Process& process : world.processes) {
            process.held_threads.clear();
            process.state = process.state == ProcessState::held ? ProcessState::running : process.state;
        }
    }
    void operator()(const GapEvent& e) {
        if (e.code == GapCode::observer_lost) {
            world.ended = true;
            lose_all();
        }
    }
    // What an observer has started ends with it (PTRACE_O_EXITKILL), unseen; who ran before (`found`), and with it what that
    // forks, goes on.
    void lose_all() {
        let_all_go();
        if (std::ranges::any_of(world.processes, &Process::found)) {
            return;
        }
        for (Process& process : world.processes) {
            if (process.alive()) {
                process.vanished = true;
                process.end_ns = event.time_ns;
            }
            process.state = ProcessState::gone;
        }
    }

    // The parent that waits for it continues.
    void let_parent_continue() {
        if (self->parent && world.processes[*self->parent].waits_for == self->key.pid) {
            world.processes[*self->parent].waits_for = 0;
        }
    }

    void take_descriptors(Process& process) const {
        if (event.descriptors) {
            process.descriptors = event.descriptors;
            process.descriptors_moment = moment;
        }
    }

    // What every event does to its process, whatever its kind.
    void finish() {
        self->last_moment = moment;
        if (event.thread == self->key.pid && is_own_act(event.detail)) {
            self->waits = {};
        }
        if (is_read(readings.memory)) {
            self->memory = readings.memory;
        }
        const auto* call = std::get_if<MemoryEvent>(&event.detail);
        if (is_read(readings.memory) || event.mappings != 0) {
            self->memory_moment = moment;
            self->changes_not_read = 0;
        } else if (call != nullptr && call->error == 0) {
            ++self->changes_not_read;
        }
        if (call != nullptr && call->error == 0) {
            const std::size_t own = static_cast<std::size_t>(self - world.processes.data());
            const std::size_t owner = memory_owner(world, own);  // a child by vfork changes its parent's memory
            world.processes[owner].changes_not_read += owner != own ? 1 : 0;
        }
        const bool of_others =
            std::holds_alternative<ReapEvent>(event.detail) || std::holds_alternative<ReparentEvent>(event.detail);
        if (!of_others) {
            std::erase(self->held_threads, event.thread);
            if (event.held) {
                self->held_threads.push_back(event.thread);
            }
        }
        if (!self->held_threads.empty()) {
            self->state = ProcessState::held;
        } else if (self->state == ProcessState::held) {
            self->state = self->exit ? ProcessState::zombie : ProcessState::running;
        }
        if (event.stack_pointer != 0 && self->alive() && !std::holds_alternative<ThreadExitEvent>(event.detail)) {
            ThreadState& thread = thread_of(*self, event.thread);
            thread.program_counter = event.program_counter;
            thread.stack_pointer = event.stack_pointer;
            if (event.inside && event.inside->stack) {
                thread.stack = event.inside->stack;
            }
        }
        take_descriptors(*self);
        if (event.inside) {
            self->globals = event.inside->globals ? event.inside->globals : self->globals;
            self->objects = event.inside->objects ? event.inside->objects : self->objects;
            self->heap = event.inside->heap ? event.inside->heap : self->heap;
            self->pieces = event.inside->pieces ? event.inside->pieces : self->pieces;
            const bool program_starts = std::holds_alternative<ExecEvent>(event.detail);
            if (event.inside->stack && is_of_python(*event.inside->stack)) {
                self->why_not_inside.clear();  // the interpreter cannot be looked into, and need not be
            }
            (program_starts ? self->why_not_inside : self->why_old_inside) = event.inside->error;
        }
    }
};

}  // namespace

Folded apply(World& world, const Event& event, const EventReadings& readings) {
    const std::size_t moment = world.event_count++;
    Process* const known = event.process ? find_mutable(world, event.process) : nullptr;
    Fold fold{world, event, readings, moment, known, {}};
    if (known) {
        fold.folded.process = index_of(world, *known);
    }
    std::visit(fold, event.detail);
    for (std::size_t i = 0; i < event.pages.size(); ++i) {
        if (Process* process = find_mutable(world, event.pages[i])) {
            process->pages = i < readings.pages.size() ? readings.pages[i].pages : nullptr;
            process->pages_moment = moment;
        }
    }
    if (fold.self) {
        fold.finish();
    }
    return fold.folded;
}

}  // namespace procatlas
