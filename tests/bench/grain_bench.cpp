// Steps a second at each grain, whoever looks inside answering at once, beside a bare ptrace(2) loop of the same in the same
// run.
//     grain_bench [DEPTH]
// The program is the fixture `grain_calls`, which recurses DEPTH deep.
#include <fmt/format.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

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

// Single steps from the program's start on, with nothing but the wait between them.
double bare_steps(const std::string& program, std::size_t steps) {
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
    }
    const double rate = per_second(done, since);
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

void measure(const PlannedProgram& program, const std::string& path, const std::string& depth, Grain grain, const char* name) {
    LaunchCommand launch = command({path, depth});
    launch.grain = grain;
    launch.watch_memory = false;
    auto observer = start_observer(launch);
    if (!observer) {
        return;
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
    fmt::print("{:<14} {:>8} events {:>10.0f} a second\n", name, steps, per_second(steps, since));
}

}  // namespace

int main(int count, char** arguments) {
    const std::string depth = count > 1 ? arguments[1] : "2000";
    const std::string path = fixture("grain_calls");
    PlannedProgram program(path);
    program.read_lines();
    constexpr std::size_t bare = 20000;
    fmt::print("{:<14} {:>8} steps  {:>10.0f} a second\n", "bare ptrace", bare, bare_steps(path, bare));
    measure(program, path, depth, Grain::calls, "calls");
    measure(program, path, depth, Grain::lines, "lines");
    measure(program, path, depth, Grain::instructions, "instructions");
    return 0;
}
