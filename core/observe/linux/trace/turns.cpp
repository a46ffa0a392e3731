#include "core/observe/linux/trace/turns.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "core/observe/linux/proc/clock.h"
#include "core/observe/linux/proc/proc_file.h"
#include "core/observe/linux/proc/proc_stat.h"
#include "core/observe/linux/trace/resumer.h"
#include "core/observe/linux/trace/turn_calls.h"
#include "core/observe/linux/trace/turn_limits.h"
#include "core/observe/linux/trace/turn_things.h"
#include "core/observe/linux/trace/turn_waits.h"

namespace procatlas {
namespace {

constexpr std::uint64_t sleep_look_every_ns = 1'000'000;
constexpr int looks_before_asleep = 4;
constexpr std::uint64_t busy_after_ns = 3'000'000'000;
constexpr std::uint64_t stuck_after_ns = 300'000'000;  // a sleep in the kernel may have a limit of its own

// '?': it is gone.
char state_of(pid_t tid) {
    const auto stat = read_proc_stat(tid);
    return stat ? stat->state : '?';
}

std::string note_text(const Standing& standing) {
    std::string text(turn_act_name(standing.act));
    return standing.object.empty() ? text : text + " " + standing.object;
}

}  // namespace

void TurnTaking::begin(pid_t first, std::uint32_t execs) {
    first_ = first;
    execs_left_ = execs;
    threads_[first] = {};
    on_ = execs == 0;
}

void TurnTaking::see_exec(pid_t process) {
    if (process == first_ && execs_left_ > 0) {
        on_ = --execs_left_ == 0;
    }
}

void TurnTaking::tell_limit(std::string_view limit) {
    if (limits_told_.emplace(limit).second) {
        sink_.note(NoteCode::turns_limit, std::string(limit));
    }
}

void TurnTaking::arrive(const TracedThread& thread, const PendingCall& call) {
    if (!on_) {
        return;
    }
    if (const auto limit = turns_limit_of(thread, call); !limit.empty()) {
        tell_limit(limit);
    }
    if (call.number == __NR_getppid && thread.process->key.pid != first_) {
        const TracedProcess* parent = tracees_.find_process(thread.process->parent);
        if (!parent || parent->is_dead()) {
            tell_limit(turns_limit::orphan);
        }
    }
    if (call.form != CallForm::native) {
        tell_limit(turns_limit::compat);
    }
    had_company_ = had_company_ || tracees_.threads().size() > 1 || tracees_.has_early();
    if (!had_company_ && !is_sleep(call)) {
        return;  // nobody is there yet to notice anything
    }
    Thread& turn = threads_[thread.tid];
    if (std::exchange(turn.repeats, false)) {
        return;
    }
    turn.handlers_known = handlers_set_;
    if (auto standing = standing_before(thread, call, tracees_)) {
        turn.standing = std::move(standing);
        turn.call = call;
        turn.at_end = false;
    }
}

void TurnTaking::arrive_at_end(const TracedThread& thread) {
    if (!on_) {
        return;
    }
    Thread& turn = threads_[thread.tid];
    turn.asleep = false;
    turn.newborn = false;
    if (!had_company_ || std::exchange(turn.ends, false)) {
        return;
    }
    turn.standing = standing_before_end(thread, tracees_);
    turn.at_end = true;
}

void TurnTaking::expect_sleep_of_parent(pid_t parent) {
    if (on_) {
        threads_[parent].sleeps_next = true;
    }
}

bool TurnTaking::keeps(const TracedThread& thread) {
    if (!on_ || pacing_.is_stopping()) {
        return false;
    }
    const auto [at, unknown] = threads_.try_emplace(thread.tid);
    Thread& turn = at->second;
    if (unknown) {
        turn.newborn = true;
        had_company_ = true;
        if (!thread.is_leader()) {
            tell_limit(turns_limit::threads);
        }
    }
    turn.waits_by_vfork = std::exchange(turn.sleeps_next, false);
    turn.asleep = turn.waits_by_vfork;
    return turn.newborn || turn.standing;
}

// A thread that runs for longer than a moment may sleep in the kernel.
void TurnTaking::look_for_sleep(Thread& turn, pid_t tid, std::uint64_t now_ns) {
    if (turn.since_ns == 0) {
        turn.since_ns = now_ns;
    }
    if (now_ns - turn.since_ns < sleep_look_every_ns) {
        return;
    }
    const char state = state_of(tid);
    // 'D' is a disk's, but for who made a child by vfork(2); 'Z' a first thread's that has ended before the others.
    const bool sleeps = state == 'S' || state == 'Z' || (state == 'D' && turn.waits_by_vfork);
    turn.looks_asleep = sleeps ? turn.looks_asleep + 1 : 0;
    turn.asleep = turn.looks_asleep >= looks_before_asleep;
    if (state == 'R' && now_ns - turn.since_ns > busy_after_ns) {
        tell_limit(turns_limit::busy);
    }
}

bool TurnTaking::somebody_runs(std::uint64_t now_ns) {
    const bool look = now_ns - looked_ns_ >= sleep_look_every_ns;
    if (look) {
        looked_ns_ = now_ns;
    }
    bool runs = tracees_.has_early();
    for (const auto& [tid, thread] : tracees_.threads()) {
        const Where where = thread.whereabouts.where();
        if (where != Where::running && where != Where::newborn) {
            continue;
        }
        const auto turn = threads_.find(tid);
        if (where == Where::running && turn != threads_.end()) {
            if (look && !turn->second.asleep) {
                look_for_sleep(turn->second, tid, now_ns);
            }
            runs |= !turn->second.asleep;
        } else {
            runs = true;
        }
    }
    return runs;
}

// What wakes a sleeper is done before the act that woke it is over.
bool TurnTaking::somebody_woke() {
    bool woke = false;
    for (auto& [tid, turn] : threads_) {
        const TracedThread* thread = turn.asleep ? tracees_.find_thread(tid) : nullptr;
        if (thread && thread->whereabouts.where() == Where::running) {
            const char state = state_of(tid);
            if (state != 'S' && state != 'Z' && !(state == 'D' && turn.waits_by_vfork)) {
                turn.asleep = false;
                turn.looks_asleep = 0;
                turn.since_ns = 0;
                woke = true;
            }
        }
    }
    return woke;
}

bool TurnTaking::somebody_leaves() const {
    return look_for_signals_ && std::ranges::any_of(tracees_.threads(), [](const auto& entry) {
               return entry.second.whereabouts.where() == Where::queued && state_of(entry.first) != 't';
           });
}

bool TurnTaking::let_newborn_go(Resumer& resumer) {
    for (auto& [tid, turn] : threads_) {
        TracedThread* thread = turn.newborn ? tracees_.find_thread(tid) : nullptr;
        if (thread && thread->whereabouts.where() == Where::queued) {
            turn.newborn = false;
            if (turn.standing) {
                continue;
            }
            turn.since_ns = 0;
            thread->whereabouts.turn();
            resumer.go_on(*thread);
            return true;
        }
    }
    return false;
}

void TurnTaking::look_for_signals() {
    for (auto& [tid, turn] : threads_) {
        turn.due = turn.standing && !turn.at_end ? due_signal(tid) : std::nullopt;
    }
}

Turns TurnTaking::who_stands() {
    if (std::exchange(look_for_signals_, false)) {
        look_for_signals();
    }
    Turns turns;
    for (auto& [tid, turn] : threads_) {
        const TracedThread* thread = turn.standing ? tracees_.find_thread(tid) : nullptr;
        if (!thread || thread->whereabouts.where() != Where::queued) {
            continue;
        }
        if (turn.standing->act == TurnAct::exits && !turn.at_end &&
            std::exchange(turn.handlers_known, handlers_set_) != handlers_set_) {
            turn.standing = standing_before(*thread, turn.call, tracees_);  // its parent may get a signal by it now
        }
        Standing standing = *turn.standing;
        if (turn.due) {
            standing = turn.due->caught ? Standing{} : standing_before_end(*thread, tracees_);
            standing.process = thread->process->key;
            standing.thread = tid;
            standing.act = TurnAct::takes_signal;
            standing.may_go = true;
        } else {
            standing.may_go = turn.at_end || !would_wait(*thread, turn.call, tracees_);
        }
        turns.standing.push_back(std::move(standing));
    }
    std::ranges::sort(turns.standing, {}, [](const Standing& standing) { return standing.thread; });
    return turns;
}

void TurnTaking::next(Resumer& resumer) {
    if (!on_ || asks_ || pacing_.is_stopping()) {
        return;
    }
    const std::uint64_t now = monotonic_ns();
    if (somebody_runs(now) || somebody_woke() || somebody_leaves() || let_newborn_go(resumer)) {
        return;
    }
    Turns turns = who_stands();
    const auto may_go = std::ranges::count_if(turns.standing, &Standing::may_go);
    if (may_go == 0) {
        const bool sleeps = std::ranges::any_of(threads_, [](const auto& entry) { return entry.second.asleep; });
        const bool stopped =
            std::ranges::any_of(tracees_.processes(), [](const auto& entry) { return entry.second.stop_told; });
        if (stopped) {
            tell_limit(turns_limit::job_control);
        }
        nobody_goes_since_ns_ = nobody_goes_since_ns_ == 0 ? now : nobody_goes_since_ns_;
        const std::uint64_t waited = now - nobody_goes_since_ns_;
        // The clock, or a signal that lets a stopped process go on, may still end the wait.
        const bool by_clock = limits_told_.contains(std::string(turns_limit::timers)) ||
                              limits_told_.contains(std::string(turns_limit::job_control));
        if (tracees_.alive() > 0 && by_clock && waited > busy_after_ns) {
            tell_limit(turns_limit::busy);
        } else if (tracees_.alive() > 0 && !by_clock && (!sleeps || waited > stuck_after_ns)) {
            tell_limit(turns_limit::stuck);
        }
        return;
    }
    nobody_goes_since_ns_ = 0;
    if (may_go == 1) {
        choose(std::ranges::find_if(turns.standing, &Standing::may_go)->thread, resumer);
        return;
    }
    asks_ = true;
    ObservedEvent question = sink_.event_of({}, 0, NoteEvent{NoteCode::turn, {}, turns.standing.size()});
    turns.asks = true;
    question.turns = std::make_shared<const Turns>(std::move(turns));
    sink_.tell_urgently(question);
}

void TurnTaking::choose(pid_t tid, Resumer& resumer) {
    asks_ = false;
    TracedThread* thread = tracees_.find_thread(tid);
    const auto turn = threads_.find(tid);
    if (thread && turn != threads_.end() && turn->second.standing && thread->whereabouts.where() == Where::queued) {
        let_go(*thread, turn->second, resumer);
    } else {
        next(resumer);  // it was killed meanwhile, or the answer means nobody: the question is asked again
    }
}

void TurnTaking::let_go(TracedThread& thread, Thread& turn, Resumer& resumer) {
    Standing standing = *std::exchange(turn.standing, std::nullopt);
    if (turn.due) {
        if (!turn.due->caught) {
            standing = standing_before_end(thread, tracees_);
        }
        standing.act = TurnAct::takes_signal;
        standing.object = signal_name(turn.due->number);
        turn.ends = !turn.due->caught;
        take_call_back(thread.tid);
        thread.call.reset();
        turn.due.reset();
    } else {
        turn.ends = standing.act == TurnAct::exits;
        // The kernel keeps an ignored signal for a tracer. Untraced it would be gone, and not meet a handler that is set later.
        if (standing.act == TurnAct::handles && has_pending_signal(thread.tid)) {
            take_call_back(thread.tid);
            thread.call.reset();
            turn.repeats = true;
        }
        if (is_sleep(turn.call) && !turn.at_end) {
            answer_call(thread.tid, 0);
        }
    }
    look_for_signals_ |= standing.act == TurnAct::signals || standing.act == TurnAct::exits ||
                         standing.act == TurnAct::takes_signal || standing.act == TurnAct::handles;
    handlers_set_ += standing.act == TurnAct::handles ? 1 : 0;
    standing.may_go = true;
    turn.since_ns = 0;
    turn.looks_asleep = 0;
    ObservedEvent told = sink_.event_of(standing.process, standing.thread, NoteEvent{NoteCode::turn, note_text(standing), 0});
    told.turns = std::make_shared<const Turns>(Turns{{std::move(standing)}, false});
    sink_.tell(told);
    thread.whereabouts.turn();
    resumer.go_on(thread);
}

std::optional<std::uint64_t> TurnTaking::next_tick() const {
    return on_ && !asks_ ? std::optional(looked_ns_ + sleep_look_every_ns) : std::nullopt;
}

}  // namespace procatlas
