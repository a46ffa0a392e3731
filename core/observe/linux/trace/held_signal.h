// Signals of timers that are kept back. A thread that is followed call by call is slowed so much that a quick timer would find
// each handler still at work when it expires again, and nothing else would ever run.
#pragma once

#include <signal.h>
#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>

namespace procatlas {

class HeldSignal {
public:
    // At a stop by `signal` of a thread that catches it: whether the thread is to go on without it, for now or for ever. What
    // is kept back comes again by `send_when_due`, and looks as it did; what comes meanwhile is one with it, as in the kernel.
    [[nodiscard]] bool keeps_back(pid_t tid, int signal, std::uint64_t now_ns);
    void send_when_due(pid_t process, pid_t tid, std::uint64_t now_ns);
    [[nodiscard]] std::optional<std::uint64_t> due_ns() const;
    void forget() { kept_.reset(); }

private:
    struct Kept {
        siginfo_t info{};
        bool sent = false;
        int tries = 0;
    };
    [[nodiscard]] bool is_kept_one(const siginfo_t& info) const;

    std::unique_ptr<Kept> kept_;
    std::uint64_t last_ns_ = 0;  // when a timer's signal was delivered
};

}  // namespace procatlas
