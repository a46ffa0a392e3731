#include "core/observe/linux/trace/pacing.h"

#include <signal.h>

#include <algorithm>

namespace procatlas {
namespace {
constexpr std::uint64_t terminate_patience_ns = 1'000'000'000;
}

void Pacing::start(const LaunchCommand& command) {
    cap_ = command.process_cap;
    holding_ = command.hold;
    classes_ = command.hold_classes;
    set_delay(command.delay);
}

bool Pacing::is_selected(EventClass event_class) const {
    switch (event_class) {
        case EventClass::lifecycle:
            return classes_.lifecycle;
        case EventClass::memory:
            return classes_.memory;
        case EventClass::output:
            return classes_.output;
        case EventClass::calls:
            return classes_.calls || classes_.lines;  // a call is told instead of the first line of its function
        case EventClass::lines:
            return classes_.lines;
        case EventClass::instructions:
            return classes_.instructions;
        case EventClass::passing:
            return false;
    }
    return false;
}

bool Pacing::holds(EventClass event_class) const {
    return !stopping_ && event_class != EventClass::passing && (capped_ || (holding_ && is_selected(event_class)));
}

bool Pacing::awaits_inspection(EventClass event_class, Inspection inspection) const {
    return inspection == Inspection::at_each_event && event_class != EventClass::passing && !stopping_;
}

PaceDecision Pacing::decide(EventClass event_class, Inspection inspection) const {
    PaceDecision decision;
    decision.awaits_inspection = awaits_inspection(event_class, inspection);
    if (holds(event_class)) {
        decision.then = PaceDecision::Then::hold;
    } else if (delay_ns_ != 0 && !stopping_ && is_selected(event_class)) {
        decision.then = PaceDecision::Then::delay;
        decision.delay_ns = delay_ns_;
    }
    return decision;
}

void Pacing::run(std::size_t alive) {
    if (capped_) {
        (void)set_cap(cap_ * 2, alive);  // all are let go on anyway
    }
    holding_ = false;
}

void Pacing::set_delay(std::chrono::milliseconds delay) {
    constexpr std::int64_t longest_ms = 60'000;
    delay_ns_ = static_cast<std::uint64_t>(std::clamp<std::int64_t>(delay.count(), 0, longest_ms)) * 1'000'000;
}

bool Pacing::expect_newborn(std::size_t alive, std::uint64_t now_ns) {
    if (cap_ == 0 || alive < cap_) {
        return false;
    }
    if (stopping_) {
        kill_at_ns_ = now_ns;  // whoever goes on making processes is not asked twice
        return false;
    }
    const bool reached_now = !capped_;
    capped_ = true;
    return reached_now;
}

bool Pacing::set_cap(std::uint32_t cap, std::size_t alive) {
    // Threads may each have made one more while all came to a stop.
    cap_ = cap == 0 ? 0 : std::max(cap, static_cast<std::uint32_t>(alive));
    const bool answered = capped_;
    capped_ = false;
    return answered && !holding_;
}

int Pacing::stop_all(std::uint64_t now_ns) {
    const bool again = stopping_;
    stopping_ = true;
    capped_ = false;
    kill_at_ns_ = now_ns + terminate_patience_ns;
    return again ? SIGKILL : SIGTERM;
}

std::optional<int> Pacing::signal_for_newborn(std::uint64_t now_ns) const {
    if (!stopping_) {
        return std::nullopt;
    }
    return kill_at_ns_ && *kill_at_ns_ <= now_ns ? SIGKILL : SIGTERM;
}

bool Pacing::take_kill_due(std::uint64_t now_ns) {
    if (!kill_at_ns_ || *kill_at_ns_ > now_ns) {
        return false;
    }
    kill_at_ns_ = now_ns + terminate_patience_ns / 10;
    return true;
}

}  // namespace procatlas
