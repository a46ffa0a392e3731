// Tracer with all its parts on a program that really runs, traced by this very process.
#include "core/observe/linux/trace/tracer.h"

#include <doctest/doctest.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

#include <cerrno>
#include <fstream>
#include <string>
#include <vector>

#include "core/observe/linux/launch/launch.h"
#include "core/stream/event_stream.h"
#include "tests/core/observe_support.h"
#include "tests/scratch_folder.h"

using namespace procatlas;
using namespace procatlas::observing;

namespace {

// A shell that follows a script. What it writes to `out` in its folder counts as written to the terminal: opening a real one
// would make the tests a session of their own.
class TracedShell {
public:
    explicit TracedShell(const std::string& script, LaunchCommand command = {}) : tracer_(bytes_, made(folder_.path("out"))) {
        command.arguments = {"/bin/sh", "-c", script};
        command.working_folder = folder_.path("");
        command.inherit_stdin = true;
        auto launched = launch_traced(command, Terminal());
        REQUIRE(launched);
        pid_ = launched->pid;
        write_greeting(bytes_);
        tracer_.start(pid_, command);
    }
    TracedShell(const TracedShell&) = delete;
    TracedShell& operator=(const TracedShell&) = delete;
    ~TracedShell() {
        if (details_of<ReapEvent>(events_).empty()) {
            ::kill(pid_, SIGKILL);
            int status = 0;
            while (::waitpid(pid_, &status, 0) == pid_ && WIFSTOPPED(status)) {
                ::ptrace(PTRACE_CONT, pid_, nullptr, nullptr);
            }
        }
    }

    [[nodiscard]] pid_t pid() const { return pid_; }
    [[nodiscard]] Tracer& tracer() { return tracer_; }
    // Answers stops until such an event was told; all events that were told by then.
    template <typename Detail>
    const std::vector<ObservedEvent>& follow_until() {
        for (int stops = 0; stops < 10'000 && details_of<Detail>(events_).empty(); ++stops) {
            REQUIRE(tracer_.handle_statuses(1, Tracer::Waiting::until_a_signal).any);
            read_events();
        }
        REQUIRE(!details_of<Detail>(events_).empty());
        return events_;
    }

private:
    static std::string made(const std::string& path) {
        std::ofstream file(path);
        return path;
    }

    void read_events() {
        reader_.append(bytes_);
        bytes_.clear();
        while (true) {
            auto event = reader_.next();
            REQUIRE(event);
            if (!*event) {
                return;
            }
            events_.push_back(std::move(**event));
        }
    }

    const ScratchFolder folder_;
    std::string bytes_;
    Tracer tracer_;
    EventReader reader_;
    std::vector<ObservedEvent> events_;
    pid_t pid_ = 0;
};

}  // namespace

TEST_CASE("Tracer tells a program from its start to its end") {
    TracedShell shell("exit 3");
    const auto& events = shell.follow_until<ReapEvent>();
    CHECK(std::holds_alternative<StartEvent>(events.front().detail));
    const auto execs = details_of<ExecEvent>(events);
    REQUIRE(execs.size() == 1);
    CHECK(execs[0].arguments == std::vector<std::string>{"/bin/sh", "-c", "exit 3"});
    CHECK(!details_of<MemoryEvent>(events).empty());
    CHECK(details_of<ExitEvent>(events).at(0).code == 3);
    CHECK(details_of<ReapEvent>(events).at(0).child.pid == shell.pid());
}

TEST_CASE("SystemCalls tells what a program writes to its terminal") {
    TracedShell shell("echo hello >out");
    const auto& events = shell.follow_until<ReapEvent>();
    const auto outputs = details_of<OutputEvent>(events);
    REQUIRE(outputs.size() == 1);
    CHECK(outputs[0].text == "hello\n");
    CHECK(outputs[0].stream == OutputStream::standard_output);
}

TEST_CASE("SystemCalls leaves alone what goes to a file, and tells why an exec failed") {
    TracedShell shell("echo hello >other; exec /nowhere/program 2>other");
    const auto& events = shell.follow_until<ReapEvent>();
    CHECK(details_of<OutputEvent>(events).empty());
    const auto failures = details_of<ExecFailedEvent>(events);
    REQUIRE(failures.size() == 1);
    CHECK(failures[0].path == "/nowhere/program");
    CHECK(failures[0].error == ENOENT);
}

TEST_CASE("Tracer holds a program at its first event until RunControl lets it go on") {
    TracedShell shell("exit 0", launch_held());
    const auto& events = shell.follow_until<ExecEvent>();
    CHECK(events.back().held);
    CHECK(details_of<ExitEvent>(events).empty());
    shell.tracer().run_control().run();
    const auto& all = shell.follow_until<ReapEvent>();
    CHECK(details_of<ExitEvent>(all).at(0).code == 0);
}

#if defined(__x86_64__)
TEST_CASE("Tracer begins at the grain that was asked for: a thread awaits inspection from its first event on") {
    LaunchCommand command;
    command.grain = Grain::calls;
    TracedShell shell("exit 0", command);
    CHECK(shell.follow_until<ExecEvent>().back().waits);
    CHECK(shell.tracer().step_control().somebody_awaits_inspection());
    CHECK(shell.tracer().sink().take_urgent());
    shell.tracer().step_control().inspected(shell.pid());
    CHECK_FALSE(shell.tracer().step_control().somebody_awaits_inspection());
}
#endif
