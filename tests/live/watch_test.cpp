// Processes seen from outside, by /proc alone.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <fstream>
#include <string>
#include <utility>

#include "tests/live/live_support.h"
#include "tests/live/running_programs.h"
#include "tests/scratch_folder.h"

using namespace procatlas;
using namespace procatlas::live;

namespace {

LaunchCommand watch_of(pid_t pid) {
    LaunchCommand launch;
    launch.approach = Approach::watch;
    launch.pid = pid;
    launch.look_every = std::chrono::milliseconds(20);
    return launch;
}

}  // namespace

TEST_CASE("watching a process tells what was found of it and its children, what is different later, and who is gone") {
    const ScratchFolder folder;
    const std::string fifo = (folder.path() / "fifo").string();
    REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
    const RunningProgram shell({"bash", "-c", "(read line < " + fifo + "; exec sleep 600) & echo ready; wait"},
                               folder.path() / "shell");
    shell.wait_for_lines(1);
    std::int32_t child = 0;
    const Run r = run(watch_of(shell.pid()), [&](const ObservedEvent& event, Observer&) {
        CHECK(tracer_of_process(shell.pid()) == 0);
        if (const auto* found = std::get_if<FoundEvent>(&event.detail)) {
            if (found->process->parent_pid == shell.pid() && !found->process->again) {
                child = event.process.pid;
                std::ofstream(fifo) << "go\n";
            } else if (found->process->again && found->process->name == "sleep") {
                ::kill(shell.pid(), SIGSTOP);
            } else if (found->process->again && event.process.pid == shell.pid() &&
                       found->process->state == FoundState::stopped) {
                ::kill(child, SIGKILL);
                ::kill(shell.pid(), SIGKILL);
                ::waitpid(shell.pid(), nullptr, WNOHANG);
            }
        } else if (std::holds_alternative<GoneEvent>(event.detail) && event.process.pid == child) {
            ::waitpid(shell.pid(), nullptr, 0);
        }
    });
    REQUIRE(r.ended);
    CHECK(std::get<GapEvent>(r.recording.events().front().detail).code == GapCode::not_seen_between);
    const World& world = r.recording.last_world();
    REQUIRE(world.processes.size() == 2);
    const Process& sleeper = world.processes[1];
    bool mapped = false;  // its own program, after the exec, and not the shell's
    for (std::size_t i = 0; i < r.recording.events().size(); ++i) {
        const auto* again = std::get_if<FoundEvent>(&r.recording.events()[i].detail);
        if (const auto space = r.recording.map_read_at(i); space && again && again->process->name == "sleep") {
            const auto names = [&](std::string_view name) {
                return std::ranges::any_of(space->mappings, [&](const Mapping& m) { return m.name.ends_with(name); });
            };
            mapped = names("/sleep") && !names("/bash");
        }
    }
    CHECK(mapped);
    CHECK(sleeper.parent == 0);
    CHECK(sleeper.programs.size() == 2);
    CHECK(sleeper.program().ends_with("/sleep"));
    for (const Process& process : world.processes) {
        CHECK(process.vanished);
        CHECK(!process.exit);  // nobody has seen how it ended
        CHECK(!process.alive());
        CHECK(process.memory);
    }
    CHECK(events_of<ExecEvent>(r.recording).empty());
    CHECK(events_of<ForkEvent>(r.recording).empty());
    CHECK(events_of<ExitEvent>(r.recording).empty());
}

TEST_CASE("watching the machine shows every process that is no thread of the kernel, below its parent") {
    const ScratchFolder folder;
    const RunningProgram shell({"bash", "-c", "echo ready; sleep 600 & wait"}, folder.path() / "shell");
    shell.wait_for_lines(1);
    bool seen = false;
    const Run r = run(watch_of(0), [&](const ObservedEvent& event, Observer& observer) {
        const auto* found = std::get_if<FoundEvent>(&event.detail);
        if (found && found->process->parent_pid == shell.pid() && !std::exchange(seen, true)) {
            CHECK(observer.send(StopAllCommand{}));
        }
    });
    REQUIRE(r.ended);
    REQUIRE(seen);
    const World& world = r.recording.last_world();
    const Process* first = world.find_pid(1);
    const Process* watched = world.find_pid(shell.pid());
    REQUIRE(first);
    REQUIRE(watched);
    REQUIRE(watched->parent);
    CHECK(world.processes[*watched->parent].key.pid == ::getpid());
    CHECK(watched->alive());
    CHECK(!watched->memory);  // of so many, no maps
    CHECK(world.find_pid(2) == nullptr);
}
