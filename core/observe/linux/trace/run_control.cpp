#include "core/observe/linux/trace/run_control.h"

#include <signal.h>

#include <algorithm>

#include "core/observe/linux/proc/clock.h"

namespace procatlas {

void RunControl::release_all(Resumer::Release how) {
    for (auto& [tid, thread] : tracees_.threads()) {
        resumer_.release(thread, how);
    }
}

void RunControl::run() {
    pacing_.run(tracees_.alive());
    release_all(Resumer::Release::to_the_end);
}

void RunControl::step(pid_t pid) {
    pacing_.hold();
    for (auto& [tid, thread] : tracees_.threads()) {
        if (pid == 0 || thread.process->key.pid == pid) {
            resumer_.release(thread, Resumer::Release::to_next_event);
        }
    }
}

void RunControl::set_delay(std::chrono::milliseconds delay) {
    pacing_.set_delay(delay);
    const std::uint64_t latest = monotonic_ns() + pacing_.delay_ns();
    for (auto& [tid, thread] : tracees_.threads()) {
        thread.whereabouts.wake_by(latest);
    }
}

void RunControl::set_cap(std::uint32_t cap) {
    if (pacing_.set_cap(cap, tracees_.alive())) {
        release_all(Resumer::Release::to_the_end);
    }
}

void RunControl::stop_all() {
    tracees_.signal_all(pacing_.stop_all(monotonic_ns()));
    tracees_.signal_all(SIGCONT);
    stepper_.follow_no_more();
    release_all(Resumer::Release::to_the_end);
    for (auto& [tid, thread] : tracees_.threads()) {
        if (thread.whereabouts.free()) {
            resumer_.go_on(thread);
        }
    }
}

void RunControl::tick() {
    const std::uint64_t time = monotonic_ns();
    for (auto& [tid, thread] : tracees_.threads()) {
        thread.held_signal.send_when_due(thread.process->key.pid, tid, time);
        if (thread.whereabouts.wake(time)) {
            resumer_.go_on(thread);
        }
    }
    if (pacing_.take_kill_due(time)) {
        tracees_.signal_all(SIGKILL);
    }
}

std::optional<std::uint64_t> RunControl::next_tick() {
    std::optional<std::uint64_t> next = pacing_.kill_at_ns();
    for (const auto& [tid, thread] : tracees_.threads()) {
        if (const auto wakes_at = thread.whereabouts.wakes_at_ns()) {
            next = std::min(next.value_or(*wakes_at), *wakes_at);
        }
        if (const auto due = thread.held_signal.due_ns()) {
            next = std::min(next.value_or(*due), *due);
        }
    }
    return next;
}

}  // namespace procatlas
