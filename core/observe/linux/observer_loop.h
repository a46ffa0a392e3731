// The observer's loop: commands in, events out, until nobody is left.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/observe/linux/launch/launch.h"
#include "core/observe/linux/launch/terminal.h"
#include "core/observe/linux/trace/attach.h"
#include "core/observe/linux/trace/tracer.h"
#include "core/observe/linux/watch/process_watch.h"
#include "core/stream/frame.h"

namespace procatlas {

class ObserverLoop {
public:
    // Both descriptors may be the same one (a socket).
    ObserverLoop(int in, int out) : in_(in), out_(out) {}

    // Returns the exit status of the observer. SIGCHLD must be blocked, with a handler set.
    int run();

private:
    bool read_commands();  // false: the other side is gone
    void obey(const Command& command);
    void begin(const LaunchCommand& command);
    void launch(const LaunchCommand& command);
    void attach(const LaunchCommand& command);
    void watch(const LaunchCommand& command);
    void refuse(EventSink& sink, pid_t pid, const Refused& refused);
    int leave();
    void flush_all();  // waits until the other side has taken all, or is gone
    bool flush();      // false: the other side is gone
    bool wait();       // until something happens; false: it cannot
    void set_busy(bool busy);
    [[nodiscard]] bool can_block();
    [[nodiscard]] bool flush_is_due();
    void let_reader_catch_up();
    void look_at_terminal();
    int finish();

    int in_;
    int out_;
    FrameBuffer commands_;
    std::string pending_;  // bytes of the event stream not taken yet
    std::size_t sent_ = 0;
    bool busy_ = false;                  // the tracees had something to tell a moment ago
    std::uint64_t flush_at_ns_ = 0;      // 0: nothing waits to be sent
    std::uint64_t behind_since_ns_ = 0;  // the other side has not read all; 0: it has
    std::unique_ptr<Terminal> terminal_;
    std::unique_ptr<Tracer> tracer_;
    std::unique_ptr<ProcessWatch> watch_;  // it, or `tracer_`, or neither yet
    Launched launched_;
    bool watch_output_ = false;
    bool just_launched_ = false;
    std::optional<pid_t> attached_;  // the process that we did not start; it goes on without us
    bool leaving_ = false;
    bool refused_ = false;
    std::string unread_;  // what came out of the terminal where nobody wants to know
};

}  // namespace procatlas
