// Follows a program and all that comes of it by ptrace(2), and writes what happens to an event stream. It only puts the parts
// of this folder together: `Dispatcher` answers what the kernel tells, `RunControl` and `StepControl` do what a person asks.
// Single-threaded: the thread that launched the program must make every call.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "core/model/command.h"
#include "core/observe/linux/trace/attach.h"
#include "core/observe/linux/trace/dispatcher.h"
#include "core/observe/linux/trace/run_control.h"
#include "core/observe/linux/trace/turns.h"
#include "core/observe/linux/trace/wait_watch.h"

namespace procatlas {

class Tracer {
public:
    // Events are appended to `out` as bytes of the stream; `terminal` is the path of the one that the programs run on.
    Tracer(std::string& out, const std::string& terminal);
    Tracer(const Tracer&) = delete;  // its parts refer to each other
    Tracer& operator=(const Tracer&) = delete;

    // Takes over the just-launched process.
    void start(pid_t pid, const LaunchCommand& command);

    // Takes over a process that ran before us.
    void attach(const Seized& seized, const LaunchCommand& command);

    enum class Progress { idle, more, none_left };  // none_left: there is no child any more at all
    struct Handled {
        Progress progress = Progress::idle;
        bool any = false;  // there was a status
    };
    enum class Waiting { never, until_a_signal };
    // Takes the wait statuses that are there, at most `limit`. Comes back early where somebody is to look inside.
    [[nodiscard]] Handled handle_statuses(int limit, Waiting waiting);

    [[nodiscard]] RunControl& run_control() { return run_control_; }
    [[nodiscard]] StepControl& step_control() { return step_control_; }
    [[nodiscard]] PageWatch& pages() { return pages_; }
    [[nodiscard]] EventSink& sink() { return sink_; }
    [[nodiscard]] TurnTaking& turns() { return turns_; }
    // The answer to a question of turns.
    void choose(pid_t thread) {
        if (turns_.asks()) {
            turns_.choose(thread, resumer_);
        }
    }
    [[nodiscard]] OutputCalls& output() { return calls_.output(); }

    // Does what is due by now. `taken`: whether all wait statuses were taken; before that, what is missing may only not have
    // been looked at.
    enum class Statuses { all_taken, perhaps_more };
    void tick(Statuses taken);
    // When `tick` should be called next, CLOCK_MONOTONIC nanoseconds; nullopt: no need.
    [[nodiscard]] std::optional<std::uint64_t> next_tick();
    // After `none_left`: tells the reaps that are still open.
    void finish() { lineage_.finish(); }

private:
    void begin(const LaunchCommand& command);

    Tracees tracees_;
    Pacing pacing_;
    Stepper stepper_;
    EventSink sink_;
    PageWatch pages_{tracees_, pacing_, sink_};
    Gatherer gatherer_{sink_, pacing_, stepper_, pages_};
    Lineage lineage_{tracees_, pacing_, sink_, gatherer_.maps()};
    TurnTaking turns_{tracees_, pacing_, sink_};
    Resumer resumer_{pacing_, stepper_, gatherer_, lineage_, sink_};
    StepControl step_control_{tracees_, stepper_, resumer_, sink_};
    RunControl run_control_{tracees_, pacing_, stepper_, resumer_};
    SystemCalls calls_;
    Signals signals_{tracees_, gatherer_};
    Exits exits_{tracees_, gatherer_, sink_};
    Dispatcher dispatcher_;
    WaitWatch waits_{tracees_, sink_};
    std::uint64_t last_look_ns_ = 0;
};

// Which states of pages a person wants read.
[[nodiscard]] PageWatch::Mode page_mode(const LaunchCommand& command);

}  // namespace procatlas
