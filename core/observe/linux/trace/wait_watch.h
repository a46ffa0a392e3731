// Tells for what processes wait that are not stopped: for a child, for the terminal, for a lock, ... Looks ten times a second,
// and tells what two looks in a row have found.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>

#include "core/observe/linux/trace/event_sink.h"
#include "core/observe/linux/trace/tracees.h"

namespace procatlas {

class WaitWatch {
public:
    WaitWatch(Tracees& tracees, EventSink& sink) : tracees_(tracees), sink_(sink) {}

    // Off until somebody wants to know it.
    void begin() { on_ = true; }
    void tick(std::uint64_t now_ns);
    // When to call `tick` next, CLOCK_MONOTONIC nanoseconds; nullopt: no need.
    [[nodiscard]] std::optional<std::uint64_t> next_tick() const;

private:
    // Of the first thread of a process.
    struct Seen {
        ProcessKey process;
        WaitsEvent last;  // at the last look
        WaitsEvent told;
    };
    void look_at(const TracedThread& thread);

    Tracees& tracees_;
    EventSink& sink_;
    bool on_ = false;
    std::uint64_t looked_ns_ = 0;
    std::unordered_map<pid_t, Seen> seen_;
};

}  // namespace procatlas
