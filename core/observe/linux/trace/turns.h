// Taking turns: while a program is explored, one thread of all goes on at a time. Each stops before every system call that
// others could notice (turn_calls.h), and stands there until it is its turn. Where several may go, whoever explores is asked;
// where one may, it goes; so a run follows from the answers alone, as far as the program does not depend on time or chance.
//
// A turn begins with the act and ends before the next one of the same thread. A newborn runs up to its first act at once: what
// it does until then nobody notices. A thread whose call would wait may not go (turn_waits.h). One that sleeps in the kernel
// all the same, such as in pause(2), is found out by /proc; what wakes it is another one's act, after which it runs up to its
// next act before anybody else goes. A signal that came while a thread stood is taken before its act.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

#include "core/model/turns.h"
#include "core/observe/linux/proc/proc_status.h"
#include "core/observe/linux/trace/event_sink.h"
#include "core/observe/linux/trace/pacing.h"
#include "core/observe/linux/trace/tracees.h"

namespace procatlas {

class Resumer;

class TurnTaking {
public:
    TurnTaking(Tracees& tracees, const Pacing& pacing, EventSink& sink) : tracees_(tracees), pacing_(pacing), sink_(sink) {}

    // `first`: the first process. Nobody takes turns before it has called exec so many times.
    void begin(pid_t first, std::uint32_t execs);
    void see_exec(pid_t process);
    [[nodiscard]] bool on() const { return on_; }
    // Somebody was asked and has not answered.
    [[nodiscard]] bool asks() const { return asks_; }

    // A thread is at the entry of a call, or before its end.
    void arrive(const TracedThread& thread, const PendingCall& call);
    void arrive_at_end(const TracedThread& thread);
    // A child that waits for nobody's turn: its parent sleeps until it has called exec or ended (vfork(2)).
    void expect_sleep_of_parent(pid_t parent);
    void forget(pid_t tid) { threads_.erase(tid); }

    // Whether the stopped thread has to wait for its turn now.
    [[nodiscard]] bool keeps(const TracedThread& thread);

    // Lets the next one go or asks, if nobody runs.
    void next(Resumer& resumer);
    // The answer.
    void choose(pid_t tid, Resumer& resumer);
    // When `next` is to be called again although no thread has stopped; nullopt: no need.
    [[nodiscard]] std::optional<std::uint64_t> next_tick() const;

private:
    struct Thread {
        std::optional<Standing> standing;  // before this act; nullopt: on its way to the next one
        PendingCall call;                  // of the act
        bool at_end = false;               // it stands at its exit stop
        bool newborn = false;              // and waits to run up to its first act
        bool repeats = false;              // it makes a call that was taken back again, in the same turn
        bool ends = false;                 // the act that it was let go for ends it
        bool asleep = false;
        bool sleeps_next = false;     // as soon as it goes on
        bool waits_by_vfork = false;  // it has made a child, and waits for that
        int looks_asleep = 0;
        std::uint64_t since_ns = 0;      // when it was let go
        std::size_t handlers_known = 0;  // how many had been set when `standing` was read
        std::optional<DueSignal> due;
    };

    [[nodiscard]] bool somebody_runs(std::uint64_t now_ns);
    void look_for_sleep(Thread& thread, pid_t tid, std::uint64_t now_ns);
    [[nodiscard]] bool somebody_woke();
    // Whether one that was killed is on its way out of its stop.
    [[nodiscard]] bool somebody_leaves() const;
    [[nodiscard]] bool let_newborn_go(Resumer& resumer);
    [[nodiscard]] Turns who_stands();
    void look_for_signals();
    void let_go(TracedThread& thread, Thread& turn, Resumer& resumer);
    void tell_limit(std::string_view limit);

    Tracees& tracees_;
    const Pacing& pacing_;
    EventSink& sink_;
    bool on_ = false;
    pid_t first_ = 0;
    std::uint32_t execs_left_ = 0;
    bool asks_ = false;
    bool had_company_ = false;  // there was a second thread at some time
    bool look_for_signals_ = false;
    std::size_t handlers_set_ = 0;
    std::unordered_map<pid_t, Thread> threads_;
    std::set<std::string, std::less<>> limits_told_;
    std::uint64_t nobody_goes_since_ns_ = 0;  // 0: somebody does
    std::uint64_t looked_ns_ = 0;
};

}  // namespace procatlas
