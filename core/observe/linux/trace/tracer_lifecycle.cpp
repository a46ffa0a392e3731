// Tracer: births, executed programs and ends.
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include <algorithm>
#include <utility>

#include "core/observe/linux/proc/copied_bytes.h"
#include "core/observe/linux/proc/maps.h"
#include "core/observe/linux/proc/proc_file.h"
#include "core/observe/linux/proc/proc_stat.h"
#include "core/observe/linux/trace/tracer.h"

namespace procatlas {
namespace {

constexpr std::size_t arguments_limit = 64 * 1024;

unsigned long event_message(pid_t tid) {
    unsigned long message = 0;
    ::ptrace(PTRACE_GETEVENTMSG, tid, nullptr, &message);
    return message;
}

std::vector<std::string> split_arguments(std::string_view bytes) {
    std::vector<std::string> arguments;
    while (!bytes.empty()) {
        const auto end = bytes.find('\0');
        arguments.emplace_back(bytes.substr(0, end));
        bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    }
    return arguments;
}

ExitEvent exit_of(int status) {
    ExitEvent exit;
    if (WIFSIGNALED(status)) {
        exit.signal = WTERMSIG(status);
        exit.core_dumped = WCOREDUMP(status);
    } else {
        exit.code = WEXITSTATUS(status);
    }
    return exit;
}

}  // namespace

// Neither waits longer than it must: the parent goes on when its map has been read, the child, which stands at its first
// instruction until we let it go, when its own has been.
void Tracer::on_fork(TracedThread& thread, ForkKind kind) {
    const auto child = static_cast<pid_t>(event_message(thread.tid));
    if (child == 0 || threads_.contains(child)) {
        return;  // adopted already: this news came a second late
    }
    const AddressMarks marks = thread.process->marks;
    Event event = event_of(thread, {});
    const MemoryText* memory = read_memory(thread, memory_);
    look_at_descriptors(thread, event);
    expect_newborn();
    std::shared_ptr<const Pages> child_pages;
    if (wants_pages(thread, EventClass::lifecycle)) {  // before either goes on, and copies
        add_pages(event, thread, memory);
        child_pages = read_newborn_pages(thread, child, memory);
    }
    pace(thread, event, EventClass::lifecycle);

    const auto stat = read_proc_stat(child);
    const auto known = processes_.find(child);
    if (!stat || (known != processes_.end() && known->second->key.start_ticks == stat->start_ticks)) {
        thread.waits = false;
        return;  // told before, and ended since
    }
    // A child by vfork has no memory but its parent's.
    const MemoryText* child_memory = kind == ForkKind::vfork ? memory : nullptr;
    child_memory_.marks = marks;
    if (!child_memory && read_memory_text(child, false, child_memory_)) {
        child_memory = &child_memory_;
    }
    TracedThread& newborn = add_newborn(child, stat->parent, stat->start_ticks, marks);
    inherit_breakpoints(thread, newborn, kind);
    newborn.process->descriptors = thread.process->descriptors;
    if (child_pages) {
        newborn.process->pages = child_pages;
        event.pages.push_back({newborn.process->key, std::move(child_pages)});
    }
    event.detail = ForkEvent{kind, newborn.process->key, stat->parent, nullptr, newborn.held};
    emit(event, memory, child_memory);
    told_early(threads_[child]);
}

void Tracer::on_clone(TracedThread& thread) {
    const auto tid = static_cast<pid_t>(event_message(thread.tid));
    TracedProcess* process = thread.process;
    if (tid == 0 || threads_.contains(tid)) {
        return;
    }
    if (!is_thread_of(process->key.pid, tid)) {
        on_fork(thread, ForkKind::fork);  // clone(2) with a signal of its own
        return;
    }
    ++process->threads;
    ++process->threads_made;
    TracedThread& made = threads_[tid];
    made.tid = tid;
    made.process = process;
    made.fine.inside = thread.fine.inside && !process->breakpoints->knows_functions();
    told_early(made);
}

void Tracer::on_exec(TracedThread& leader) {
    TracedProcess& process = *leader.process;
    const pid_t pid = process.key.pid;
    const auto former = static_cast<pid_t>(event_message(pid));
    leave_memory(process);
    process.memory_line = ++last_memory_line_;
    std::erase_if(threads_, [&](const auto& entry) { return entry.second.process == &process && entry.first != pid; });
    leader.born = true;
    leader.exiting = false;
    leader.in_call = false;
    process.threads = 1;
    process.threads_made = 1;
    process.leader_status.reset();

    ExecEvent exec;
    exec.path = read_proc_link(pid, "exe").value_or("");
    exec.former_thread = former == pid ? 0 : former;
    exec.mappings_before = std::exchange(process.mappings_before_exec, 0);
    if (const auto stat = read_proc_stat(pid)) {
        process.marks = stat->marks;
    }
    Event event = event_of(leader, {});
    const InitialStack stack =
        read_initial_stack(pid, event.stack_pointer, process.marks.arg_start, process.marks.arg_end, arguments_limit);
    process.marks.entry = stack.entry;
    exec.arguments = split_arguments(stack.arguments);
    exec.arguments_cut = stack.arguments.size() == arguments_limit;
    const MemoryText* memory = read_memory(leader, memory_);
    const bool unprivileged = lost_its_privilege(pid);
    exec.mappings_after = memory ? static_cast<std::uint32_t>(std::ranges::count(memory->maps, '\n')) : 0;
    const std::string path = exec.path;
    event.detail = std::move(exec);
    look_at_descriptors(leader, event);
    settle(leader, std::move(event), EventClass::lifecycle, memory);
    if (unprivileged) {
        note(NoteCode::privilege_dropped, path);
    }
}

void Tracer::on_exit_stop(TracedThread& thread) {
    TracedProcess& process = *thread.process;
    const auto status = static_cast<int>(event_message(thread.tid));
    if (!thread.born && thread.tid != process.key.pid) {
        emit(event_of(thread, ThreadEvent{thread.tid}));  // killed before its first stop
    }
    thread.born = true;
    thread.exiting = true;
    thread.in_call = false;
    thread.signal = 0;
    --process.threads;
    const bool leader = thread.tid == process.key.pid;
    if (leader) {
        process.leader_status = status;
    }
    if (process.threads > 0) {
        emit(event_of(thread, ThreadExitEvent{thread.tid}));
        return;
    }
    // Where the leader ended before and otherwise, wait alone knows which of the two statuses is the process's.
    const bool certain = leader || process.leader_status == status;
    if (certain && !process.exit_told) {
        tell_exit(process, &thread, status);
    } else if (const MemoryText* memory = read_memory(thread, memory_)) {
        process.final_memory = std::make_unique<MemoryText>(*memory);
    }
}

void Tracer::tell_exit(TracedProcess& process, TracedThread* thread, int status) {
    process.exit_told = true;
    --alive_;
    if (thread) {
        const MemoryText* memory = read_memory(*thread, memory_);
        Event event = event_of(*thread, exit_of(status));
        look_at_descriptors(*thread, event);
        settle(*thread, std::move(event), EventClass::lifecycle, memory);
        return;
    }
    Event event;
    event.time_ns = now();
    event.process = process.key;
    event.thread = process.key.pid;
    event.detail = exit_of(status);
    emit(event, process.final_memory.get());
}

// A thread that ended without an exit stop.
void Tracer::tell_thread_end(const TracedProcess& process, pid_t tid, bool unborn) {
    Event event;
    event.time_ns = now();
    event.process = process.key;
    event.thread = tid;
    if (unborn) {
        event.detail = ThreadEvent{tid};
        emit(event);
    }
    event.detail = ThreadExitEvent{tid};
    emit(event);
}

void Tracer::on_ended(pid_t tid, int status) {
    if (early_.contains(tid)) {
        adopt_early(tid, true);
    }
    const auto owner = threads_.find(tid);
    TracedProcess* process = nullptr;
    if (owner != threads_.end()) {
        process = owner->second.process;
        free_scratch(*process->breakpoints, tid);
        const bool unannounced = !owner->second.exiting;
        const bool unborn = !owner->second.born;
        threads_.erase(owner);
        if (tid != process->key.pid) {
            if (unannounced) {
                --process->threads;
                tell_thread_end(*process, tid, unborn);
            }
            return;
        }
    } else if (const auto known = processes_.find(tid); known != processes_.end()) {
        process = known->second.get();
        if (process->dead) {  // adopted by us as a zombie, and just reaped
            tell_reparent(*process, own_pid_);
            tell_reap(*process, Reaper::observer, nullptr);
            return;
        }
    } else {
        return;  // none of ours
    }
    if (!process->exit_told) {
        tell_exit(*process, nullptr, status);
    }
    std::erase_if(threads_, [&](const auto& entry) { return entry.second.process == process; });
    process->dead = true;
    process->zombie_seen = process_exists(tid);
    settle_kin_of(*process);
}

}  // namespace procatlas
