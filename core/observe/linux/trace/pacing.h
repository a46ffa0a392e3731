// Which events hold a process, for how long slow motion keeps it, how many processes there may be, and how all are ended. Pure:
// it decides, others act. Times are CLOCK_MONOTONIC nanoseconds.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "core/model/command.h"

namespace procatlas {

// passing: told, but it never keeps the thread (SIGCHLD, the end of a thread)
enum class EventClass { lifecycle, memory, output, calls, lines, instructions, passing };

// Whether somebody looks inside a process at each event of a stopped thread. They do at every grain but `none`.
enum class Inspection { none, at_each_event };

// What an event does to the thread that it happened to.
struct PaceDecision {
    enum class Then { go, hold, delay };
    bool awaits_inspection = false;  // first of all, the thread waits until somebody has looked inside
    Then then = Then::go;
    std::uint64_t delay_ns = 0;
};

class Pacing {
public:
    void start(const LaunchCommand& command);

    [[nodiscard]] PaceDecision decide(EventClass event_class, Inspection inspection) const;
    [[nodiscard]] bool holds(EventClass event_class) const;
    [[nodiscard]] bool awaits_inspection(EventClass event_class, Inspection inspection) const;

    void hold() { holding_ = true; }
    // Lets all go on. Where the cap had been reached, it is doubled.
    void run(std::size_t alive);
    void set_hold_classes(HoldClasses classes) { classes_ = classes; }
    // At most a minute.
    void set_delay(std::chrono::milliseconds delay);
    [[nodiscard]] std::uint64_t delay_ns() const { return delay_ns_; }

    // A process is about to be made while `alive` live. True: with this one the cap is reached, so everything holds until
    // somebody answers by `run`, `set_cap` or `stop_all`.
    [[nodiscard]] bool expect_newborn(std::size_t alive, std::uint64_t now_ns);
    [[nodiscard]] std::uint32_t cap() const { return cap_; }
    // 0: none. True: what the cap alone has held may go on.
    [[nodiscard]] bool set_cap(std::uint32_t cap, std::size_t alive);

    // All are to be ended; from now on nothing holds. Returns the signal for all that live: SIGTERM, the second time SIGKILL.
    [[nodiscard]] int stop_all(std::uint64_t now_ns);
    [[nodiscard]] bool is_stopping() const { return stopping_; }
    // The signal for a process or thread that was made while all are being ended; nullopt: they are not.
    [[nodiscard]] std::optional<int> signal_for_newborn(std::uint64_t now_ns) const;
    // True when those that did not end by themselves are to be killed; again and again, for those born meanwhile.
    [[nodiscard]] bool take_kill_due(std::uint64_t now_ns);
    [[nodiscard]] std::optional<std::uint64_t> kill_at_ns() const { return kill_at_ns_; }

private:
    [[nodiscard]] bool is_selected(EventClass event_class) const;

    HoldClasses classes_;
    bool holding_ = false;
    bool capped_ = false;    // the cap was reached and nobody has answered yet: everything holds
    bool stopping_ = false;  // all are being ended: nothing holds
    std::uint64_t delay_ns_ = 0;
    std::uint32_t cap_ = 0;
    std::optional<std::uint64_t> kill_at_ns_;
};

}  // namespace procatlas
