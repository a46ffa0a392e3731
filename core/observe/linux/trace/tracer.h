// Follows a program and all that comes of it by ptrace(2), and writes what happens to an event stream. Single-threaded: the
// thread that launched the program must do every call.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/model/command.h"
#include "core/model/event.h"
#include "core/observe/linux/launch/terminal.h"
#include "core/observe/linux/trace/pacing.h"
#include "core/observe/linux/trace/tracee.h"
#include "core/stream/event_stream.h"

namespace procatlas {

class Tracer {
public:
    // Events are appended to `out` as bytes of the stream.
    Tracer(std::string& out, const Terminal& terminal);

    // Takes over the just-launched process.
    void start(pid_t pid, const LaunchCommand& command);

    // Takes the wait statuses that are there, at most `limit`, and comes back early where there was output; `block`: waits for
    // each until a signal comes. `any`: there was one.
    enum class Progress { idle, more, none_left };  // none_left: there is no child any more at all
    [[nodiscard]] Progress handle_statuses(int limit, bool block, bool& any);

    void run();
    void hold();
    void step(pid_t pid);     // 0: all held processes
    void measure(pid_t pid);  // tells which of its pages are resident
    void set_grain(Grain grain);
    void set_pages(const PagesCommand& command);
    void set_breakpoints(pid_t pid, const BreakpointPlan& plan);
    void looked_inside(pid_t tid);  // the thread need not wait at its event any more
    void stop_all();
    void set_delay(std::chrono::milliseconds delay);
    void set_hold_classes(HoldClasses classes) { pacing_.classes = classes; }
    void set_cap(std::uint32_t cap);

    // Does what is due by now: slow motion, killing after terminating, reaps that nobody reported.
    void tick(bool all_statuses_taken);
    // When `tick` should be called next, CLOCK_MONOTONIC nanoseconds; nullopt: no need.
    [[nodiscard]] std::optional<std::uint64_t> next_tick() const;

    // After `none_left`: tells the reaps that are still open.
    void finish();

    void note(NoteCode code, std::string text, std::uint64_t number = 0);
    void gap(GapCode code, std::string text, std::uint64_t number = 0);

    // Some thread stands still until somebody has looked inside; `take_urgent`: and they were not asked to yet.
    [[nodiscard]] bool somebody_waits() const;
    [[nodiscard]] bool take_urgent() { return std::exchange(urgent_, false); }

    [[nodiscard]] std::uint64_t bytes_attributed() const { return bytes_attributed_; }
    [[nodiscard]] std::size_t alive_count() const { return alive_; }

private:
    // One consumed stop: resumed when it goes out of scope, unless it was settled otherwise.
    class Stop;

    // Wait statuses (tracer.cpp).
    void handle_status(pid_t tid, int status);
    void handle_stop(TracedThread& thread, int status);
    void on_birth_stop(TracedThread& thread);
    void on_fork(TracedThread& thread, ForkKind kind);
    void on_clone(TracedThread& thread);
    void on_exec(TracedThread& thread);
    void on_exit_stop(TracedThread& thread);
    void on_signal(TracedThread& thread, int signal);
    void on_group_stop(TracedThread& thread, int signal);
    void on_ended(pid_t tid, int status);
    void tell_thread_end(const TracedProcess& process, pid_t tid, bool unborn);
    void tell_exit(TracedProcess& process, TracedThread* thread, int status);

    // System calls (tracer_calls.cpp).
    void on_call_entry(TracedThread& thread);
    void on_call_return(TracedThread& thread);
    void remember_closing(TracedProcess& process, pid_t tid) const;
    void tell_memory_call(TracedThread& thread, std::int64_t result);
    void tell_output(TracedThread& thread, std::int64_t result);
    void tell_failed_exec(TracedThread& thread, std::int64_t result);

    // Parents and children (tracer_kin.cpp).
    TracedProcess& add_process(pid_t pid, pid_t parent, std::uint64_t start_ticks);
    void add_early(pid_t tid, int status);
    void expect_newborn();
    TracedThread& add_newborn(pid_t child, pid_t parent, std::uint64_t start_ticks, const AddressMarks& marks);
    void adopt_early(pid_t tid, bool ended);
    void adopt_early_children(pid_t parent);
    void told_early(TracedThread& thread);
    void look_for_reaped(TracedProcess& parent);
    void settle_kin_of(TracedProcess& dead);
    void tell_reparent(TracedProcess& child, pid_t parent);
    void tell_reap(TracedProcess& child, Reaper by, const TracedProcess* reaper);
    void look_for_unreported();

    // The finer grains (tracer_grain.cpp).
    enum class Pace { run, step, stay };
    bool on_trap(TracedThread& thread);  // false: it is the program's own
    void arrive(TracedThread& thread, bool stepped);
    void collect_events(TracedThread& thread, const Registers& registers, bool stepped);
    void follow_own_code(TracedThread& thread, const StopPlace& place, bool stepped);
    static void hide_step(const TracedThread& thread, Address stack_pointer);
    bool tell_due(TracedThread& thread);
    Pace set_out(TracedThread& thread);
    void settle_fine(TracedThread& thread, int status);
    void inherit_breakpoints(const TracedThread& parent, TracedThread& child, ForkKind kind);
    void leave_memory(TracedProcess& process);
    void arrange_soon(Breakpoints& breakpoints);
    [[nodiscard]] bool is_stepped(const TracedThread& thread) const;

    // Pages (tracer_pages.cpp).
    [[nodiscard]] bool wants_pages(const TracedThread& thread, EventClass event_class) const;
    std::shared_ptr<const Pages> read_pages(TracedProcess& process, pid_t tid, std::span<const AddressRange> ranges);
    void add_pages(Event& event, TracedThread& thread, const MemoryText* memory);
    void add_pages_of_kin(Event& event, const TracedProcess& process, std::span<const AddressRange> ranges);
    void look_before_fork(TracedThread& thread);
    std::shared_ptr<const Pages> read_newborn_pages(const TracedThread& parent, pid_t child, const MemoryText* memory);

    // Getting over a breakpoint (tracer_passing.cpp).
    Pace pass_breakpoint(TracedThread& thread, Address at);
    Pace pass_aside(TracedThread& thread, Address at, const DisplacedInstruction& moved);
    void passed_breakpoint(TracedThread& thread, bool of_exec);
    void free_scratch(Breakpoints& breakpoints, pid_t user);

    // Resuming and telling (tracer_control.cpp).
    void go_on(TracedThread& thread);
    void resume(TracedThread& thread);
    void pace(TracedThread& thread, Event& event, EventClass event_class);
    void settle(TracedThread& thread, Event event, EventClass event_class, const MemoryText* memory = nullptr);
    void emit(const Event& event, const MemoryText* memory = nullptr, const MemoryText* child_memory = nullptr);
    void release(TracedThread& thread, bool single);
    void release_all(bool single);
    void kill_all(int signal);
    [[nodiscard]] Event event_of(const TracedThread& thread, EventDetail detail) const;
    [[nodiscard]] std::uint64_t now() const;
    void look_at_descriptors(const TracedThread& thread, Event& event);
    void look_at_pipes(const TracedThread& thread, Event& event);
    const MemoryText* read_memory(TracedThread& thread, MemoryText& text);
    const MemoryText* read_memory_if_cheap(TracedThread& thread, MemoryText& text);
    const MemoryText* read_stale_memory(TracedThread& thread, MemoryText& text);

    std::string& out_;
    const Terminal& terminal_;
    EventWriter writer_;
    Pacing pacing_;
    Grain grain_ = Grain::none;
    bool watch_descriptors_ = false;
    struct PageReading {
        bool read = false;
        bool frames = false;
        bool failure_told = false;
        bool frames_told_missing = false;
    } pages_;
    std::uint64_t last_memory_line_ = 0;
    bool urgent_ = false;
    ProcessTable processes_;
    ThreadTable threads_;
    struct Early {
        int status = 0;
        pid_t process = 0;  // itself, but for a thread
        pid_t parent = 0;   // PPid
        std::uint64_t since_ns = 0;
    };
    std::unordered_map<pid_t, Early> early_;  // children that stopped before their parent's fork event came
    std::vector<pid_t> zombies_;              // dead, and their reaping not seen yet
    std::size_t alive_ = 0;
    std::uint32_t cap_ = 0;
    pid_t own_pid_;
    std::uint64_t started_ns_;
    std::optional<std::uint64_t> kill_at_ns_;
    std::uint64_t last_look_ns_ = 0;
    std::uint64_t bytes_attributed_ = 0;
    MemoryText memory_;  // used again and again
    MemoryText child_memory_;
};

}  // namespace procatlas
