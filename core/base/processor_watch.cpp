#include "core/base/processor_watch.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>

namespace procatlas {
namespace {

#if defined(__x86_64__)

volatile std::uint32_t watched_place = 0;

class ProbedChild {
public:
    ProbedChild() : pid_(::fork()) {
        if (pid_ == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            ::signal(SIGTRAP, SIG_DFL);
            if (::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0) {  // else nobody would be told of the stop
                ::raise(SIGSTOP);
                watched_place = 1;
            }
            ::_exit(0);
        }
    }
    ProbedChild(const ProbedChild&) = delete;
    ProbedChild& operator=(const ProbedChild&) = delete;
    ~ProbedChild() {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            while (stops()) {
            }
        }
    }

    // Waits for its next stop; false: it has ended, and is reaped.
    bool stops(int by_signal = 0) {
        int status = 0;
        pid_t told = -1;
        while (pid_ > 0 && (told = ::waitpid(pid_, &status, __WALL)) < 0 && errno == EINTR) {
        }
        if (told <= 0 || !WIFSTOPPED(status)) {
            pid_ = -1;
        }
        return pid_ > 0 && (by_signal == 0 || WSTOPSIG(status) == by_signal);
    }
    bool watches_its_writes() {
        constexpr std::uint64_t four_bytes_at_writes = 0b1101;
        return poke(0, reinterpret_cast<std::uintptr_t>(&watched_place)) && poke(7, 1 | four_bytes_at_writes << 16);
    }
    bool goes_on() { return ::ptrace(PTRACE_CONT, pid_, nullptr, nullptr) == 0; }

private:
    bool poke(std::size_t debug_register, std::uint64_t value) {
        const std::size_t offset = offsetof(struct user, u_debugreg) + debug_register * sizeof(std::uint64_t);
        return ::ptrace(PTRACE_POKEUSER, pid_, offset, value) == 0;
    }

    pid_t pid_;  // -1: none
};

bool try_to_watch() {
    ProbedChild child;
    return child.stops(SIGSTOP) && child.watches_its_writes() && child.goes_on() && child.stops(SIGTRAP);
}

#else

bool try_to_watch() {
    return false;
}

#endif

}  // namespace

bool processor_watches_here() {
    static const bool watches = try_to_watch();
    return watches;
}

}  // namespace procatlas
