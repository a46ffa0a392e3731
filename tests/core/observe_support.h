// For the tests of the observer's parts: real processes that nobody traces, and what a sink has written.
#pragma once

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <string>
#include <variant>
#include <vector>

#include "core/observe/linux/trace/dispatcher.h"
#include "core/observe/linux/trace/run_control.h"
#include "core/stream/event_stream.h"

namespace procatlas::observing {

// The status of a stop as waitpid(2) tells it.
inline WaitStatus stop_status(int signal, int event = 0) {
    return WaitStatus((event << 16) | (signal << 8) | 0x7f);
}
inline WaitStatus exit_status(int code) {
    return WaitStatus(code << 8);
}

inline LaunchCommand launch_held() {
    LaunchCommand launch;
    launch.hold = true;
    return launch;
}
inline LaunchCommand launch_slowed(std::chrono::milliseconds delay) {
    LaunchCommand launch;
    launch.delay = delay;
    return launch;
}
inline LaunchCommand launch_capped(std::uint32_t cap) {
    LaunchCommand launch;
    launch.process_cap = cap;
    return launch;
}

// A child that waits to be killed. Requests of ptrace(2) fail on it and change nothing, which is all that the parts notice.
class IdleChild {
public:
    IdleChild() {
        // The test framework catches SIGTERM; the child must die of it, from its first moment on.
        sigset_t blocked;
        sigset_t before;
        sigemptyset(&blocked);
        sigaddset(&blocked, SIGTERM);
        ::sigprocmask(SIG_BLOCK, &blocked, &before);
        pid_ = ::fork();
        if (pid_ == 0) {
            ::signal(SIGTERM, SIG_DFL);
        }
        ::sigprocmask(SIG_SETMASK, &before, nullptr);
        while (pid_ == 0) {
            ::pause();
        }
        REQUIRE(pid_ > 0);
    }
    IdleChild(const IdleChild&) = delete;
    IdleChild& operator=(const IdleChild&) = delete;
    ~IdleChild() {
        if (pid_ != 0) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
        }
    }
    [[nodiscard]] pid_t pid() const { return pid_; }
    // Blocks until it has ended.
    [[nodiscard]] WaitStatus wait() {
        int status = 0;
        REQUIRE(::waitpid(pid_, &status, 0) == pid_);
        pid_ = 0;
        return WaitStatus(status);
    }

private:
    pid_t pid_ = 0;
};

// All parts of the tracer, within reach.
struct Parts {
    std::string bytes;
    Tracees tracees;
    Pacing pacing;
    Stepper stepper;
    EventSink sink{bytes};
    PageWatch pages{tracees, pacing, sink};
    Gatherer gatherer{sink, pacing, stepper, pages};
    Lineage lineage{tracees, pacing, sink, gatherer.maps()};
    Resumer resumer{pacing, stepper, gatherer, lineage, sink};
    StepControl steps{tracees, stepper, resumer, sink};
    RunControl control{tracees, pacing, stepper, resumer};
    SystemCalls calls{tracees, gatherer, sink, "/dev/pts/0"};
    Signals signals{tracees, gatherer};
    Exits exits{tracees, gatherer, sink};
    Dispatcher dispatcher{{.tracees = tracees,
                           .pacing = pacing,
                           .sink = sink,
                           .stepper = stepper,
                           .gatherer = gatherer,
                           .lineage = lineage,
                           .resumer = resumer,
                           .steps = steps,
                           .calls = calls,
                           .signals = signals,
                           .exits = exits}};

    // The first process, at a stop of its own that has not been answered.
    TracedThread& stopped_first(pid_t pid) {
        TracedThread& thread = lineage.add_first(pid);
        thread.whereabouts.stop();
        return thread;
    }

    // What was told since the last call.
    std::vector<ObservedEvent> take_events() {
        std::string stream;
        if (!greeted_) {
            write_greeting(stream);
            greeted_ = true;
        }
        reader_.append(stream + bytes);
        bytes.clear();
        std::vector<ObservedEvent> events;
        while (true) {
            auto event = reader_.next();
            REQUIRE(event);
            if (!*event) {
                return events;
            }
            events.push_back(std::move(**event));
        }
    }

private:
    EventReader reader_;
    bool greeted_ = false;
};

template <typename Detail>
std::vector<Detail> details_of(const std::vector<ObservedEvent>& events) {
    std::vector<Detail> found;
    for (const ObservedEvent& event : events) {
        if (const auto* detail = std::get_if<Detail>(&event.detail)) {
            found.push_back(*detail);
        }
    }
    return found;
}

}  // namespace procatlas::observing
