// A process that runs already is followed, and notices nothing of it: not while it is followed, nor when procatlas leaves or is
// killed.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>
#include <string>
#include <utility>

#include "tests/live/live_support.h"
#include "tests/live/running_programs.h"
#include "tests/scratch_folder.h"

using namespace procatlas;
using namespace procatlas::live;

namespace {

// Each line: how often it has printed, how often it has counted, how many SIGUSR1 it has seen, and the longest time between two
// of its lines in milliseconds.
const char* const counting_threads = R"(
import signal, sys, threading, time
counted = [0]
signals = [0]
signal.signal(signal.SIGUSR1, lambda *_: signals.__setitem__(0, signals[0] + 1))
def count():
    while True:
        counted[0] += 1
        time.sleep(0.001)
def come_and_go():
    while True:
        thread = threading.Thread(target=time.sleep, args=(0.002,))
        thread.start()
        thread.join()
for task in (count, count, come_and_go):
    threading.Thread(target=task, daemon=True).start()
line, last, longest = 0, time.monotonic(), 0
while True:
    time.sleep(0.005)
    now = time.monotonic()
    last, longest = now, max(longest, now - last)
    line += 1
    print(line, counted[0], signals[0], int(1000 * longest), flush=True)
)";

const char* const shell_with_children = "i=0; while :; do i=$((i + 1)); /bin/true; echo $(echo $i | cat); done";

LaunchCommand attach_to(pid_t pid) {
    LaunchCommand launch;
    launch.approach = Approach::attach;
    launch.pid = pid;
    launch.watch_memory = false;
    launch.process_cap = 0;
    return launch;
}

// Follows a process until `enough` says so, and leaves it.
Run follow(pid_t pid, const std::function<bool(const ObservedEvent&)>& enough) {
    bool left = false;
    return run(attach_to(pid), [&](const ObservedEvent& event, Observer& observer) {
        if (!left && enough(event)) {
            left = true;
            CHECK(observer.send(StopAllCommand{}));
        }
    });
}

struct Counted {
    int line = 0;
    int counted = 0;
    int signals = 0;
    int longest_ms = 0;
};

Counted last_count(const RunningProgram& program) {
    const auto lines = program.lines();
    Counted count;
    if (!lines.empty()) {
        std::istringstream(lines.back()) >> count.line >> count.counted >> count.signals >> count.longest_ms;
    }
    return count;
}

bool are_consecutive(const std::vector<std::string>& lines) {
    for (std::size_t i = 0; i < lines.size(); ++i) {
        if (std::stoul(lines[i]) != i + 1) {
            return false;
        }
    }
    return true;
}

// Starts `procatlas attach`, and waits until it follows.
pid_t start_command_line(pid_t target) {
    const std::string program = std::string(PROCATLAS_BUILD_DIR) + "/bin/procatlas";
    const std::string number = std::to_string(target);
    const pid_t pid = ::fork();
    if (pid == 0) {
        const int nowhere = ::open("/dev/null", O_RDWR);
        for (const int descriptor : {0, 1, 2}) {
            ::dup2(nowhere, descriptor);
        }
        ::execl(program.c_str(), "procatlas", "attach", number.c_str(), "--json-lines", nullptr);
        ::_exit(127);
    }
    REQUIRE(comes_true([&] { return tracer_of_process(target) != 0; }));
    return pid;
}

void attach_and_depart(pid_t pid, int round) {
    switch (round % 4) {
        case 0:
        case 1: {
            const Run r =
                follow(pid, [](const ObservedEvent& event) { return std::holds_alternative<FoundEvent>(event.detail); });
            REQUIRE(r.ended);
            CHECK(events_of<FoundEvent>(r.recording).size() == 1);
            CHECK(std::get<NoteEvent>(r.recording.events().back().detail).code == NoteCode::left);
            break;
        }
        case 2: {  // kill -9 of the observer
            bool killed = false;
            const Run r = run(attach_to(pid), [&](const ObservedEvent&, Observer&) {
                if (!std::exchange(killed, true)) {
                    ::kill(tracer_of_process(pid), SIGKILL);
                }
            });
            REQUIRE(r.ended);
            CHECK(std::get<GapEvent>(r.recording.events().back().detail).code == GapCode::observer_lost);
            break;
        }
        case 3: {  // kill -9 of procatlas
            const pid_t procatlas = start_command_line(pid);
            ::kill(procatlas, SIGKILL);
            ::waitpid(procatlas, nullptr, 0);
            break;
        }
    }
}

}  // namespace

TEST_CASE(
    "attaching 100 times, and being killed 50 times of them, harms neither threads nor children, output, signals or time") {
    const ScratchFolder folder;
    const RunningProgram python({"python3", "-c", counting_threads}, folder.path() / "python");
    const RunningProgram shell({"bash", "-c", shell_with_children}, folder.path() / "shell");
    python.wait_for_lines(5);
    shell.wait_for_lines(5);
    int sent = 0;
    for (int round = 0; round < 100; ++round) {
        CAPTURE(round);
        const RunningProgram& program = round % 8 < 4 ? python : shell;
        const std::size_t lines = program.lines().size();
        ::kill(python.pid(), SIGUSR1);
        ++sent;
        attach_and_depart(program.pid(), round);
        REQUIRE(comes_true([&] { return all_run_untraced(program.pid()); }));
        program.wait_for_lines(lines + 2);
        REQUIRE(comes_true([&] { return last_count(python).signals == sent; }));
    }
    CHECK(are_consecutive(python.lines()));
    CHECK(are_consecutive(shell.lines()));
    const Counted count = last_count(python);
    CHECK(count.counted > count.line);
    CHECK(count.longest_ms < 1000);
    MESSAGE("longest time between two lines: ", count.longest_ms, " ms");
}

TEST_CASE("what is told of a process that was running: what was found of it, then its children and its end") {
    const ScratchFolder folder;
    const RunningProgram shell(
        {"bash", "-c", "echo ready; read line < " + (folder.path() / "fifo").string() + "; /bin/true; exit 7"},
        folder.path() / "shell");
    REQUIRE(::mkfifo((folder.path() / "fifo").c_str(), 0600) == 0);
    shell.wait_for_lines(1);
    bool opened = false;
    const Run r = run(attach_to(shell.pid()), [&](const ObservedEvent&, Observer&) {
        if (!std::exchange(opened, true)) {
            std::ofstream(folder.path() / "fifo") << "go\n";
        }
    });
    REQUIRE(r.ended);
    const auto& found = std::get<FoundEvent>(r.recording.events().front().detail);
    CHECK(found.process->parent_pid == ::getpid());
    CHECK(found.process->name == "bash");
    CHECK(found.process->threads == std::vector<std::int32_t>{shell.pid()});
    REQUIRE(!found.process->ancestors.empty());
    CHECK(found.process->ancestors.front().pid == ::getpid());
    CHECK(found.process->ancestors.back().pid == 1);
    CHECK(r.recording.map_read_at(0) != nullptr);
    const World& world = r.recording.last_world();
    REQUIRE(world.processes.size() == 2);
    CHECK(world.processes[0].exit->code == 7);
    CHECK(world.processes[0].found);
    CHECK(world.processes[1].program().ends_with("/true"));
    CHECK(!world.processes[0].reap);  // we, its parent, have not yet
}

TEST_CASE("a stopped process stays stopped while it is followed and after that, and SIGCONT lets it go on") {
    const ScratchFolder folder;
    const RunningProgram shell({"bash", "-c", shell_with_children}, folder.path() / "shell");
    shell.wait_for_lines(2);
    const std::filesystem::path status = "/proc/" + std::to_string(shell.pid());
    ::kill(shell.pid(), SIGSTOP);
    REQUIRE(comes_true([&] { return status_line(status, "State").starts_with('T'); }));
    const Run r =
        follow(shell.pid(), [](const ObservedEvent& event) { return std::holds_alternative<FoundEvent>(event.detail); });
    REQUIRE(r.ended);
    CHECK(r.recording.last_world().processes.front().state == ProcessState::stopped);
    CHECK(events_of<StopEvent>(r.recording).empty());  // it happened before
    REQUIRE(comes_true([&] { return tracer_of_process(shell.pid()) == 0; }));
    CHECK(comes_true([&] { return status_line(status, "State").starts_with("T (stopped)"); }));

    const std::size_t lines = shell.lines().size();
    bool continued = false;
    const Run again = follow(shell.pid(), [&](const ObservedEvent& event) {
        if (!std::exchange(continued, true)) {
            ::kill(shell.pid(), SIGCONT);
        }
        return std::holds_alternative<ForkEvent>(event.detail);
    });
    CHECK(!events_of<ContinueEvent>(again.recording).empty());
    shell.wait_for_lines(lines + 2);
}

TEST_CASE("held by a person, a process goes on when the observer is killed") {
    const ScratchFolder folder;
    const RunningProgram shell({"bash", "-c", shell_with_children}, folder.path() / "shell");
    shell.wait_for_lines(2);
    LaunchCommand launch = attach_to(shell.pid());
    launch.hold = true;
    bool killed = false;
    const Run r = run(launch, [&](const ObservedEvent& event, Observer&) {
        if (event.held && !std::exchange(killed, true)) {
            ::kill(tracer_of_process(event.process.pid), SIGKILL);
        }
    });
    REQUIRE(killed);
    const std::size_t lines = shell.lines().size();
    shell.wait_for_lines(lines + 3);
    CHECK(are_consecutive(shell.lines()));
}

TEST_CASE("who cannot be followed is said, with the reason") {
    const auto refusal_of = [](const LaunchCommand& launch) {
        const Run r = run(launch);
        CHECK(r.ended);
        const auto notes = events_of<NoteEvent>(r.recording);
        REQUIRE(!notes.empty());
        const auto& note = std::get<NoteEvent>(notes.front()->detail);
        CHECK(note.code == NoteCode::attach_refused);
        return static_cast<AttachRefusal>(note.number);
    };
    CHECK(refusal_of(attach_to(0x3fffff)) == AttachRefusal::no_process);
    CHECK(refusal_of(attach_to(::getpid())) == AttachRefusal::ourselves);
    CHECK(refusal_of(attach_to(1)) == AttachRefusal::first_of_all);

    const ScratchFolder folder;
    const RunningProgram program({"python3", "-c", counting_threads}, folder.path() / "python");
    program.wait_for_lines(2);
    LaunchCommand fine = attach_to(program.pid());
    fine.grain = Grain::lines;
    CHECK(refusal_of(fine) == AttachRefusal::grain_too_fine);
    CHECK(tracer_of_process(program.pid()) == 0);

    const auto observer = start_observer(attach_to(program.pid()));
    REQUIRE(observer);
    REQUIRE(comes_true([&] { return tracer_of_process(program.pid()) != 0; }));
    CHECK(refusal_of(attach_to(program.pid())) == AttachRefusal::traced);

    const pid_t zombie = ::fork();
    if (zombie == 0) {
        ::_exit(0);
    }
    REQUIRE(comes_true([&] { return status_line("/proc/" + std::to_string(zombie), "State").starts_with('Z'); }));
    CHECK(refusal_of(attach_to(zombie)) == AttachRefusal::ended);
    ::waitpid(zombie, nullptr, 0);
}
