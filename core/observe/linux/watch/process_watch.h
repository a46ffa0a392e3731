// Looks at processes from outside, again and again, by /proc alone: no ptrace, nobody is stopped, other people's processes too
// as far as the kernel tells. What it tells is what it found, and what was different or gone at a later look; never what
// happened between two looks.
//
// A look costs little where nothing happens: a pidfd is readable when its process has ended (pidfd_open(2)), and a process
// whose CPU clock, of all its threads (clock_getcpuclockid(3)), stands still has not run, so it has not made a child either.
// Only the others are read, and whose parent has ended, because it has another one now. For the whole machine /proc is listed
// where /proc/loadavg says that a PID was given out since (proc(5)).
#pragma once

#include <sys/types.h>
#include <time.h>

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "core/base/unique_fd.h"
#include "core/model/command.h"
#include "core/model/found.h"
#include "core/model/process_key.h"
#include "core/observe/linux/trace/event_sink.h"

namespace procatlas {

class ProcessWatch {
public:
    // Events are appended to `out`. `command`: of the approach `watch`.
    ProcessWatch(std::string& out, const LaunchCommand& command);

    [[nodiscard]] EventSink& sink() { return sink_; }

    enum class Left { some, none };  // none: whoever was to be looked at is gone
    // Looks if that is due.
    [[nodiscard]] Left tick(std::uint64_t now_ns);
    // CLOCK_MONOTONIC nanoseconds.
    [[nodiscard]] std::uint64_t next_tick() const { return next_look_ns_; }

private:
    struct Watched {
        ProcessKey key;
        FoundProcess told;               // as it was told last
        std::uint64_t code = 0;          // where its program's code begins; 0: not known
        UniqueFd end;                    // pidfd; none: the kernel gave none
        std::optional<clockid_t> clock;  // of its CPU time; nullopt: the kernel gave none, and it is read each time
        std::uint64_t used_ns = 0;       // what that said last
        std::uint64_t seen_ns = 0;       // since the observer started
        bool ended = false;              // a zombie, which may be gone at any look
    };

    void look();
    void find_on_machine();
    void find_children(pid_t pid);
    void list_processes();
    [[nodiscard]] bool is_wanted(pid_t pid, pid_t parent) const;
    void add(pid_t pid);
    // Those that have ended since.
    [[nodiscard]] std::set<pid_t> take_ends();
    // False: it is gone.
    [[nodiscard]] bool look_at(Watched& watched);
    [[nodiscard]] static bool has_run(Watched& watched);
    void tell_again(Watched& watched);
    void tell_gone(const Watched& watched);

    EventSink sink_;
    pid_t root_;  // 0: all
    std::uint64_t look_every_ns_;
    std::uint64_t next_look_ns_ = 0;
    std::uint64_t looked_ns_ = 0;  // 0: never
    std::string last_pid_;         // the end of /proc/loadavg
    UniqueFd load_;
    UniqueFd ends_;  // epoll of the pidfds
    std::map<pid_t, Watched> watched_;
    std::set<pid_t> ignored_;  // seen, and not wanted
    bool lists_ = false;       // /proc is listed at each look, because the kernel does not tell the children of a process
    unsigned turn_ = 0;        // counts looks
};

}  // namespace procatlas
