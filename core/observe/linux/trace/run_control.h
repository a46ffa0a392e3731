// What a person asks for while a program runs: run, hold, step, slow motion, the cap, the end of all; and what time does to
// that.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>

#include "core/model/command.h"
#include "core/observe/linux/trace/pacing.h"
#include "core/observe/linux/trace/resumer.h"
#include "core/observe/linux/trace/tracees.h"

namespace procatlas {

class RunControl {
public:
    RunControl(Tracees& tracees, Pacing& pacing, Stepper& stepper, Resumer& resumer)
        : tracees_(tracees), pacing_(pacing), stepper_(stepper), resumer_(resumer) {}

    void run();
    void hold() { pacing_.hold(); }
    void step(pid_t pid);  // 0: all held processes
    void set_delay(std::chrono::milliseconds delay);
    void set_hold_classes(HoldClasses classes) { pacing_.set_hold_classes(classes); }
    void set_cap(std::uint32_t cap);
    // SIGTERM for all, and SIGKILL when they have not ended a second later or at the second call.
    void stop_all();

    // Does what is due by now: threads that slow motion keeps, killing.
    void tick();
    // When `tick` should be called next, CLOCK_MONOTONIC nanoseconds; nullopt: no need.
    [[nodiscard]] std::optional<std::uint64_t> next_tick();

private:
    void release_all(Resumer::Release how);

    Tracees& tracees_;
    Pacing& pacing_;
    Stepper& stepper_;
    Resumer& resumer_;
};

}  // namespace procatlas
