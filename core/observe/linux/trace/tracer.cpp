// Tracer: what wait tells, handed to who knows what it means; signals and job control.
#include "core/observe/linux/trace/tracer.h"

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "core/observe/linux/proc/clock.h"
#include "core/observe/linux/proc/proc_stat.h"

namespace procatlas {
namespace {

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

}  // namespace procatlas
