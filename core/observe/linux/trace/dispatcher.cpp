#include "core/observe/linux/trace/dispatcher.h"

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <time.h>

#include <algorithm>
#include <utility>

#include "core/observe/linux/proc/clock.h"
#include "core/observe/linux/proc/proc_file.h"
#include "core/observe/linux/proc/proc_status.h"
#include "core/observe/linux/trace/executed_program.h"

namespace procatlas {
namespace {

// The child of a fork, the status of an exit, the former number of the thread that called exec.
unsigned long event_message(pid_t tid) {
    unsigned long message = 0;
    ::ptrace(PTRACE_GETEVENTMSG, tid, nullptr, &message);
    return message;
}

}  // namespace

void Dispatcher::handle(pid_t tid, const WaitStatus& status) {
    if (status.is_end()) {
        handle_end(tid, status);
    } else if (!status.is_stop()) {
        return;
    } else if (TracedThread* thread = parts_.tracees.find_thread(tid)) {
        answer(*thread, status);
    } else {
        handle_unknown(tid, status);
    }
}

void Dispatcher::answer(TracedThread& thread, const WaitStatus& status) {
    const pid_t tid = thread.tid;
    const ThreadLife life_before = thread.life;
    thread.whereabouts.stop();
    thread.resume_way = ResumeWay::run;
    parts_.steps.begin_stop(thread, status);
    parts_.lineage.look_for_reaped(*thread.process);

    if (auto gathered = gather(thread, status, life_before)) {
        Decided decided = parts_.resumer.decide(std::move(*gathered));
        Resumed resumed = parts_.resumer.resume(std::move(decided));
        emit(std::move(resumed));
    }
    if (TracedThread* still_there = parts_.tracees.find_thread(tid)) {
        parts_.resumer.go_on(*still_there);
    }
}

std::optional<Gathered> Dispatcher::gather(TracedThread& thread, const WaitStatus& status, ThreadLife life_before) {
    switch (status.kind()) {
        case WaitStatus::Kind::call_entry:
            return parts_.calls.gather_entry(thread);
        case WaitStatus::Kind::call_return:
            return parts_.calls.gather_return(thread);
        case WaitStatus::Kind::signal:
            if (status.signal() == SIGTRAP && parts_.steps.take_writes(thread)) {
                return std::nullopt;  // told when the thread goes on
            }
            if (status.signal() == SIGTRAP && parts_.stepper.take_trap(stepped(thread)) == Stepper::TrapOwner::stepper) {
                return std::nullopt;  // what is to be told of it is due when the thread goes on
            }
            if (thread.process->breakpoints->has_plan() &&
                thread.held_signal.keeps_back(thread.tid, status.signal(), monotonic_ns())) {
                return std::nullopt;
            }
            if (Signals::ends_untraced_only(thread, status.signal())) {
                parts_.sink.tell(parts_.signals.gather_signal(thread, status.signal()).event);
                return parts_.exits.gather_unseen_end(thread, status.signal());
            }
            return parts_.signals.gather_signal(thread, status.signal());
        case WaitStatus::Kind::fork:
            return gather_fork(thread, ParentGoesOn::at_once);
        case WaitStatus::Kind::vfork:
            return gather_fork(thread, ParentGoesOn::later);
        case WaitStatus::Kind::clone:
            return gather_clone(thread);
        case WaitStatus::Kind::exec:
            return gather_exec_stop(thread);
        case WaitStatus::Kind::exit_stop:
            if (parts_.turns) {
                parts_.turns->arrive_at_end(thread);
            }
            return parts_.exits.gather_exit_stop(thread, WaitStatus(static_cast<int>(event_message(thread.tid))));
        case WaitStatus::Kind::group_stop:
        case WaitStatus::Kind::event_stop:
            return gather_event_stop(thread, status, life_before);
        case WaitStatus::Kind::exited:
        case WaitStatus::Kind::killed:
        case WaitStatus::Kind::unknown:
            return std::nullopt;
    }
    return std::nullopt;
}

std::optional<Gathered> Dispatcher::gather_event_stop(TracedThread& thread, const WaitStatus& status, ThreadLife before) {
    const bool group_stop = status.kind() == WaitStatus::Kind::group_stop;
    if (before == ThreadLife::unborn) {
        thread.resume_way = group_stop ? ResumeWay::rejoin_group_stop : ResumeWay::run;  // born into a process that is stopped
        return gather_birth(thread);
    }
    return group_stop ? parts_.signals.gather_group_stop(thread, status.signal()) : parts_.signals.gather_continue(thread);
}

std::optional<Gathered> Dispatcher::gather_birth(TracedThread& thread) {
    thread.life = ThreadLife::living;
    if (const auto signal = parts_.pacing.signal_for_newborn(monotonic_ns())) {
        ::kill(thread.process->key.pid, *signal);
    }
    if (thread.is_leader()) {
        return std::nullopt;  // told at its parent's fork
    }
    return parts_.gatherer.gather(thread, ThreadEvent{thread.tid}, EventClass::lifecycle, {.map = Reading::Map::if_cheap});
}

std::optional<Gathered> Dispatcher::gather_fork(TracedThread& thread, ParentGoesOn goes_on) {
    const auto child = static_cast<pid_t>(event_message(thread.tid));
    if (child == 0 || parts_.tracees.find_thread(child)) {
        return std::nullopt;  // adopted already: this news came a second late
    }
    const AddressMarks marks = thread.process->marks;
    Gathered gathered =
        parts_.gatherer.gather(thread, {}, EventClass::lifecycle, {.map = Reading::Map::always, .files = Reading::Files::all});
    PageWatch& pages = parts_.gatherer.pages();
    auto child_pages =
        pages.wants(thread, EventClass::lifecycle) ? pages.read_newborn(thread, child, gathered.memory) : nullptr;
    const ForkKind kind = fork_kind(thread.tid, child, goes_on);
    if (parts_.turns && parent_waits(kind)) {
        parts_.turns->expect_sleep_of_parent(thread.tid);
    }
    gathered.birth = std::make_unique<Birth>(Birth{kind, child, marks, std::move(child_pages)});
    return gathered;
}

std::optional<Gathered> Dispatcher::gather_clone(TracedThread& thread) {
    const auto tid = static_cast<pid_t>(event_message(thread.tid));
    if (tid == 0 || parts_.tracees.find_thread(tid)) {
        return std::nullopt;
    }
    if (!is_thread_of(thread.process->key.pid, tid)) {
        return gather_fork(thread, ParentGoesOn::at_once);  // clone(2) with a signal of its own
    }
    answer_first_stop(parts_.lineage.add_thread(tid, thread));
    return std::nullopt;
}

Gathered Dispatcher::gather_exec_stop(TracedThread& leader) {
    TracedProcess& process = *leader.process;
    const auto former = static_cast<pid_t>(event_message(leader.tid));
    parts_.steps.leave_memory(process);
    parts_.gatherer.pages().begin_new_memory(process);
    parts_.tracees.remove_threads_of(process, leader.tid);
    if (parts_.turns) {
        parts_.turns->see_exec(process.key.pid);
    }
    leader.life = ThreadLife::living;
    leader.call.reset();
    leader.addition.reset();
    leader.held_signal.forget();
    process.unreadable_told = false;
    process.threads = 1;
    process.leader_status.reset();
    return gather_exec(parts_.gatherer, leader, former);
}

void Dispatcher::emit(Resumed&& resumed) {
    if (resumed.birth()) {
        emit_birth(std::move(resumed));
    } else {
        parts_.sink.emit(std::move(resumed));
    }
}

// The parent has gone on when its map was read. The child stands at its first instruction, and goes on when its own was.
void Dispatcher::emit_birth(Resumed&& resumed) {
    const pid_t child = resumed.birth()->child;
    if (!parts_.lineage.introduce(resumed)) {
        resumed.thread().whereabouts.inspected();  // nobody will be asked to look inside
        return;
    }
    parts_.sink.emit(std::move(resumed));
    if (TracedThread* newborn = parts_.tracees.find_thread(child)) {
        answer_early(*newborn);
    }
}

void Dispatcher::handle_unknown(pid_t tid, const WaitStatus& status) {
    // An exec from another thread continues under the leader's number, which may have ended before.
    TracedProcess* process = parts_.tracees.find_process(tid);
    if (process && status.kind() == WaitStatus::Kind::exec) {
        answer(parts_.tracees.add_thread(tid, *process), status);
        return;
    }
    const ThreadOwner owner = owner_of_thread(tid);
    parts_.tracees.add_early(tid, {status, owner.process, owner.parent, monotonic_ns()});
    // A thread that is at its end already: whoever made it was ended in the act, and nobody else will tell of it.
    if (status.kind() == WaitStatus::Kind::exit_stop && owner.process != tid) {
        adopt(tid, Early::stopped);
    }
}

void Dispatcher::answer_early(TracedThread& thread) {
    if (const auto early = parts_.tracees.take_early(thread.tid)) {
        answer(thread, early->status);
    }
}

// Its maker stands still meanwhile, so that a thread is told before what its maker does next. Where there are many, a tenth of
// the time is waited at most; the thread is then told when it first runs.
void Dispatcher::answer_first_stop(TracedThread& made) {
    constexpr std::uint64_t patience_ns = 20'000'000;
    constexpr std::uint64_t most_debt_ns = 100'000'000;
    constexpr timespec pause{0, 30'000};
    const pid_t tid = made.tid;
    if (parts_.tracees.is_early(tid)) {
        answer_early(made);
        return;
    }
    const std::uint64_t begin = monotonic_ns();
    waited_ns_ -= std::min(waited_ns_, (begin - waited_at_ns_) / 10);
    const std::uint64_t deadline = waited_ns_ < most_debt_ns ? begin + patience_ns : begin;
    int status = 0;
    pid_t told = 0;
    while ((told = ::waitpid(tid, &status, __WALL | WNOHANG)) == 0 && monotonic_ns() < deadline) {
        ::nanosleep(&pause, nullptr);
    }
    waited_at_ns_ = monotonic_ns();
    waited_ns_ += waited_at_ns_ - begin;
    if (told == tid) {
        handle(tid, WaitStatus(status));
    }
}

void Dispatcher::adopt(pid_t tid, Early now) {
    const auto early = parts_.tracees.take_early(tid);
    TracedThread* thread = early ? parts_.lineage.adopt(tid, *early) : nullptr;
    if (thread && now == Early::stopped) {
        answer(*thread, early->status);
    }
}

void Dispatcher::adopt_late() {
    constexpr std::uint64_t fork_event_patience_ns = 1'000'000'000;
    for (const pid_t tid : parts_.tracees.early_and_late(monotonic_ns() - fork_event_patience_ns)) {
        adopt(tid, Early::stopped);
    }
}

void Dispatcher::handle_end(pid_t tid, const WaitStatus& status) {
    adopt(tid, Early::ended);
    TracedProcess* process = remove_ended(tid);
    if (!process) {
        return;
    }
    parts_.exits.tell_process_end(*process, status);
    process->map.reset();
    parts_.tracees.remove_threads_of(*process);
    process->life = process_exists(tid) ? ProcessLife::zombie : ProcessLife::dead;
    for (const pid_t child : parts_.tracees.early_of(tid)) {
        adopt(child, Early::stopped);
    }
    parts_.lineage.settle_dead(*process);
}

// The process that has ended with its leader; null: it has not, or that was told before.
TracedProcess* Dispatcher::remove_ended(pid_t tid) {
    if (const TracedThread* thread = parts_.tracees.find_thread(tid)) {
        TracedProcess& process = *thread->process;
        const bool leader = thread->is_leader();
        parts_.steps.free_scratch(*process.breakpoints, tid);
        if (!leader) {
            parts_.exits.tell_thread_end(*thread);
        }
        parts_.tracees.remove_thread(tid);
        if (parts_.turns) {
            parts_.turns->forget(tid);
        }
        return leader ? &process : nullptr;
    }
    TracedProcess* process = parts_.tracees.find_process(tid);
    if (process && process->is_dead()) {  // adopted by us as a zombie, and just reaped
        parts_.lineage.reaped_by_us(*process);
        return nullptr;
    }
    return process;
}

}  // namespace procatlas
