// Steps a second at each grain, whoever looks inside answering at once, beside bare ptrace(2) loops in the same run. The first
// of these only steps. The others are the floor of what is asked of us: after each event another process answers before the
// thread goes on, and an event takes as many stops as it needs: a call and its return make five (the function's entry, its body
// and one step over the breakpoint there, the place that it returns to and one step over that).
//     grain_bench [DEPTH]
// The program is the fixture `grain_calls`, which recurses DEPTH deep.
#include <fmt/format.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdlib>
#include <string>

#include "tests/live/live_support.h"
#include "tests/live/planned_program.h"

using namespace procatlas;
using namespace procatlas::live;

namespace {

using Clock = std::chrono::steady_clock;

double per_second(std::size_t steps, Clock::time_point since) {
    return static_cast<double>(steps) / std::chrono::duration<double>(Clock::now() - since).count();
}

// A process that answers each byte with one.
class Answerer {
public:
    Answerer() {
        std::array<int, 2> ends{};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) {
            std::abort();
        }
        pid_ = ::fork();
        ::close(ends[pid_ == 0 ? 0 : 1]);
        socket_ = ends[pid_ == 0 ? 1 : 0];
        if (pid_ == 0) {
            while (ask()) {
            }
            ::_exit(0);
        }
    }
    Answerer(const Answerer&) = delete;
    Answerer& operator=(const Answerer&) = delete;
    ~Answerer() {
        ::close(socket_);
        ::waitpid(pid_, nullptr, 0);
    }
    // The answerer itself reads first; whoever asks writes first.
    [[nodiscard]] bool ask() const {
        char byte = 0;
        return pid_ == 0 ? ::read(socket_, &byte, 1) == 1 && ::write(socket_, &byte, 1) == 1
                         : ::write(socket_, &byte, 1) == 1 && ::read(socket_, &byte, 1) == 1;
    }

private:
    pid_t pid_ = -1;
    int socket_ = -1;
};

struct BareLoop {
    const char* name;
    std::size_t stops;   // so many stops
    std::size_t events;  // make so many events
    bool answered;       // each of which is answered
};

// Single steps from the program's start on, with nothing but the wait and the answers between them. Events a second.
double bare_steps(const std::string& program, std::size_t steps, const BareLoop& loop) {
    const Answerer answerer;
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
        ::execl(program.c_str(), program.c_str(), static_cast<char*>(nullptr));
        ::_exit(127);
    }
    int status = 0;
    ::waitpid(pid, &status, 0);
    const auto since = Clock::now();
    std::size_t done = 0;
    while (done < steps && WIFSTOPPED(status)) {
        ::ptrace(PTRACE_SINGLESTEP, pid, nullptr, nullptr);
        ::waitpid(pid, &status, 0);
        ++done;
        // The event after each so many stops.
        const bool event = done * loop.events / loop.stops != (done - 1) * loop.events / loop.stops;
        if (loop.answered && event && !answerer.ask()) {
            break;
        }
    }
    const double rate = per_second(done * loop.events / loop.stops, since);
    if (pid > 0 && WIFSTOPPED(status)) {
        ::kill(pid, SIGKILL);
        ::waitpid(pid, &status, 0);
    }
    return rate;
}

bool is_fine(const ObservedEvent& event) {
    return std::holds_alternative<CallEvent>(event.detail) || std::holds_alternative<ReturnEvent>(event.detail) ||
           std::holds_alternative<LineEvent>(event.detail) || std::holds_alternative<InstructionEvent>(event.detail);
}

double measure(const PlannedProgram& program, const std::string& path, const std::string& depth, Grain grain,
               const char* name) {
    LaunchCommand launch = command({path, depth});
    launch.grain = grain;
    launch.watch_memory = false;
    auto observer = start_observer(launch);
    if (!observer) {
        return 0;
    }
    std::size_t steps = 0;
    auto since = Clock::now();
    while (!(*observer)->ended()) {
        pollfd ready{(*observer)->descriptor(), POLLIN, 0};
        ::poll(&ready, 1, -1);
        for (const ObservedEvent& event : (*observer)->receive()) {
            if (std::holds_alternative<ExecEvent>(event.detail)) {
                since = Clock::now();
                (void)(*observer)->send(BreakpointsCommand{event.process.pid, program.plan_in(event.process.pid)});
            }
            steps += is_fine(event) ? 1 : 0;
            if (event.waits) {
                (void)(*observer)->send(ReleaseCommand{event.thread});
            }
        }
    }
    const double rate = per_second(steps, since);
    fmt::print("{:<28} {:>10.0f} a second of {}\n", name, rate, steps);
    return rate;
}

}  // namespace

int main(int count, char** arguments) {
    const std::string depth = count > 1 ? arguments[1] : "2000";
    const std::string path = fixture("grain_calls");
    PlannedProgram program(path);
    program.read_lines();
    constexpr std::size_t bare = 20000;
    const auto bare_loop = [&](const BareLoop& loop) {
        const double rate = bare_steps(path, bare, loop);
        fmt::print("{:<28} {:>10.0f} a second\n", loop.name, rate);
        return rate;
    };
    const double stepped = bare_loop({"bare ptrace", 1, 1, false});
    const double answered = bare_loop({"bare, one stop, answered", 1, 1, true});
    const double passed = bare_loop({"bare, two stops, answered", 2, 1, true});
    const double called = bare_loop({"bare, 5 stops for 2, answered", 5, 2, true});
    const auto compare = [&](Grain grain, const char* name, double floor) {
        const double ours = measure(program, path, depth, grain, name);
        fmt::print("{:<28} {:.2f} of bare ptrace, {:.2f} of its floor\n", "", ours / stepped, ours / floor);
    };
    compare(Grain::calls, "calls", called);
    compare(Grain::lines, "lines", passed);
    compare(Grain::instructions, "instructions", answered);
    return 0;
}
