// Tracer: wait statuses, from a process's birth to its end.
#include "core/observe/linux/tracer.h"

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "core/observe/linux/clock.h"
#include "core/observe/linux/copied_bytes.h"
#include "core/observe/linux/memory_text.h"
#include "core/observe/linux/proc_file.h"
#include "core/observe/linux/proc_stat.h"

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

// Only then si_pid is set (sigaction(2)).
bool is_sent_by_process(const siginfo_t& info) {
    return info.si_code == SI_USER || info.si_code == SI_TKILL || info.si_code == SI_QUEUE || info.si_code == SI_MESGQ ||
           (info.si_signo == SIGCHLD && info.si_code > 0);
}

bool is_job_control(int signal) {
    return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

}  // namespace

class Tracer::Stop {
public:
    Stop(Tracer& tracer, pid_t tid) : tracer_(tracer), tid_(tid) {}
    Stop(const Stop&) = delete;
    Stop& operator=(const Stop&) = delete;
    ~Stop() {
        const auto found = tracer_.threads_.find(tid_);
        if (found != tracer_.threads_.end()) {
            tracer_.go_on(found->second);
        }
    }

private:
    Tracer& tracer_;
    pid_t tid_;
};

void Tracer::start(pid_t pid, const LaunchCommand& command) {
    cap_ = command.process_cap;
    set_grain(command.grain);
    watch_descriptors_ = command.watch_memory;  // who wants the life of the processes alone wants it quickly
    set_pages({command.pages, command.frames});
    pacing_.holding = command.hold;
    pacing_.classes = command.hold_classes;
    set_delay(command.delay);
    const auto stat = read_proc_stat(pid);
    TracedProcess& process = add_process(pid, own_pid_, stat ? stat->start_ticks : 0);
    TracedThread& thread = threads_[pid];
    thread.tid = pid;
    thread.process = &process;
    thread.born = true;
    emit(event_of(thread, StartEvent{own_pid_, command.arguments, command.working_folder}));
}

Tracer::Progress Tracer::handle_statuses(int limit, bool block, bool& any) {
    const std::uint64_t attributed = bytes_attributed_;
    for (int i = 0; i < limit && bytes_attributed_ == attributed && !urgent_; ++i) {
        int status = 0;
        const pid_t tid = ::waitpid(-1, &status, block ? __WALL : __WALL | WNOHANG);
        if (tid == 0) {
            return Progress::idle;
        }
        if (tid < 0) {
            return errno == ECHILD ? Progress::none_left : Progress::idle;
        }
        any = true;
        handle_status(tid, status);
    }
    return Progress::more;
}

void Tracer::handle_status(pid_t tid, int status) {
    if (WIFEXITED(status) || WIFSIGNALED(status)) {
        on_ended(tid, status);
        return;
    }
    if (!WIFSTOPPED(status)) {
        return;
    }
    const auto found = threads_.find(tid);
    if (found == threads_.end()) {
        // An exec from another thread continues under the leader's number, which may have ended before.
        const auto process = processes_.find(tid);
        if (status >> 16 == PTRACE_EVENT_EXEC && process != processes_.end()) {
            TracedThread& leader = threads_[tid];
            leader.tid = tid;
            leader.process = process->second.get();
            handle_stop(leader, status);
        } else {
            add_early(tid, status);
        }
        return;
    }
    handle_stop(found->second, status);
}

void Tracer::handle_stop(TracedThread& thread, int status) {
    thread.stopped = true;
    thread.listening = false;
    thread.resume_at_ns = 0;
    thread.waits = false;
    if (thread.born) {
        thread.held = false;  // only a kill wakes a held one without us
    }
    const Stop guard(*this, thread.tid);
    settle_fine(thread, status);
    look_for_reaped(*thread.process);
    const int signal = WSTOPSIG(status);
    if (signal == (SIGTRAP | 0x80)) {
        on_call_return(thread);
        return;
    }
    switch (status >> 16) {
        case 0:
            if (signal != SIGTRAP || !on_trap(thread)) {
                on_signal(thread, signal);
            }
            return;
        case PTRACE_EVENT_SECCOMP:
            on_call_entry(thread);
            return;
        case PTRACE_EVENT_FORK:
            on_fork(thread, ForkKind::fork);
            return;
        case PTRACE_EVENT_VFORK:
            on_fork(thread, ForkKind::vfork);
            return;
        case PTRACE_EVENT_CLONE:
            on_clone(thread);
            return;
        case PTRACE_EVENT_EXEC:
            on_exec(thread);
            return;
        case PTRACE_EVENT_EXIT:
            on_exit_stop(thread);
            return;
        case PTRACE_EVENT_STOP:
            if (!thread.born) {
                thread.listen = is_job_control(signal);  // born into a process that is stopped
                on_birth_stop(thread);
            } else if (is_job_control(signal)) {
                on_group_stop(thread, signal);
            } else if (std::exchange(thread.process->stop_told, false)) {
                settle(thread, event_of(thread, ContinueEvent{}), EventClass::lifecycle);
            }
            return;
        default:
            return;
    }
}

void Tracer::on_birth_stop(TracedThread& thread) {
    thread.born = true;
    if (thread.tid != thread.process->key.pid) {
        settle(thread, event_of(thread, ThreadEvent{thread.tid}), EventClass::lifecycle, read_memory_if_cheap(thread, memory_));
    }
    if (pacing_.stopping) {
        ::kill(thread.process->key.pid, kill_at_ns_ && *kill_at_ns_ <= monotonic_ns() ? SIGKILL : SIGTERM);
    }
}

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

void Tracer::on_signal(TracedThread& thread, int signal) {
    siginfo_t info{};
    SignalEvent told{signal, 0, std::nullopt};
    if (::ptrace(PTRACE_GETSIGINFO, thread.tid, nullptr, &info) == 0) {
        const bool fault = signal == SIGSEGV || signal == SIGBUS || signal == SIGILL || signal == SIGFPE;
        if (fault && info.si_code > 0) {
            told.address = reinterpret_cast<Address>(info.si_addr);
        } else if (is_sent_by_process(info)) {
            told.sender_pid = info.si_pid;
        }
    }
    thread.signal = signal;
    const MemoryText* memory = read_stale_memory(thread, memory_);
    settle(thread, event_of(thread, told), signal == SIGCHLD ? EventClass::passing : EventClass::lifecycle, memory);
}

void Tracer::on_group_stop(TracedThread& thread, int signal) {
    if (!std::exchange(thread.process->stop_told, true)) {
        emit(event_of(thread, StopEvent{signal}));
    }
    // Job control must work on it, so it is neither resumed nor ours to hold.
    thread.stopped = false;
    thread.listening = true;
    ::ptrace(PTRACE_LISTEN, thread.tid, nullptr, nullptr);
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
