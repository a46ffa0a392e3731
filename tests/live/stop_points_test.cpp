// Stops at lines and at changes of variables, in real programs.
#include <doctest/doctest.h>
#include <poll.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/child_program.h"
#include "core/base/processor_watch.h"
#include "core/live/live_run.h"
#include "core/live/start_inspecting_observer.h"
#include "core/model/inside.h"
#include "core/model/inside_moment.h"
#include "core/narrate/headline.h"
#include "tests/live/live_support.h"
#include "tests/scratch_folder.h"

using namespace procatlas;

namespace {

// `run` at the grain of lines, holding at nothing but stop points.
void start(LiveRun& run, const std::vector<std::string>& arguments) {
    REQUIRE(run.set_hold_classes({.lifecycle = false}));
    LaunchCommand launch = run.paced(live::command(arguments));
    launch.grain = Grain::lines;
    REQUIRE(run.start(std::move(launch), "stops"));
}

Result<std::unique_ptr<Observer>> inspecting(LaunchCommand launch) {
    return start_inspecting_observer(std::move(launch));
}

bool wait_until(LiveRun& run, const std::function<bool()>& is) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!is()) {
        if (std::chrono::steady_clock::now() > deadline) {
            return false;
        }
        std::vector<pollfd> ready;
        for (const int descriptor : run.descriptors()) {
            if (descriptor >= 0) {
                ready.push_back({descriptor, POLLIN, 0});
            }
        }
        ::poll(ready.data(), ready.size(), 100);
        run.pump();
    }
    return true;
}

bool somebody_is_held(const LiveRun& run) {
    return std::ranges::any_of(run.world().processes, [](const Process& p) { return p.state == ProcessState::held; });
}

// This machine may take a place to watch and never tell of a write (some virtual ones); what it cannot do is not tested on it.
bool nothing_is_watched_here() {
    if (!processor_watches_here()) {
        MESSAGE("skipped: the processor watches no place for us here");
    }
    return !processor_watches_here();
}

const StackFrame* frame_of(const LiveRun& run, std::size_t process) {
    const World& world = run.world();
    const ThreadState* thread = shown_thread(world.processes[process], run.recording().events().back());
    return thread ? own_frame(*thread, run.recording().events().back()) : nullptr;
}

}  // namespace

TEST_CASE("a program runs until the line that has a stop, is held there, and goes on to its end") {
    const std::string file = PROCATLAS_SOURCE_DIR "/assets/programs/push_pop.c";
    LiveRun run(inspecting);
    start(run, {live::sample("push_pop")});
    REQUIRE(run.set_stop_points({{{file, 13}}, {}}));
    REQUIRE(wait_until(run, [&] { return somebody_is_held(run) || !run.live(); }));
    REQUIRE(run.live());
    CHECK(run.world().processes[0].state == ProcessState::held);
    const StackFrame* frame = frame_of(run, 0);
    REQUIRE(frame);
    CHECK(frame->function == "price_of");
    CHECK(frame->line == 13);
    CHECK(run.line_with_code(file, 16) == 18);  // empty, and the line of a function's name: the next one has code
    CHECK(!run.line_with_code(file, 2000));
    REQUIRE(run.set_stop_points({}));
    REQUIRE(run.run());
    CHECK(wait_until(run, [&] { return !run.live(); }));
    CHECK(run.program_exit()->code == 0);
}

TEST_CASE("a program is held when a global changes, in the process that changed it, and its sibling keeps its value") {
    LiveRun run(inspecting);
    start(run, {live::sample("fork_write")});
    REQUIRE(run.set_stop_points({{}, {{"", "number", 0}}}));
    REQUIRE(wait_until(run, [&] { return somebody_is_held(run) || !run.live(); }));
    REQUIRE(run.live());
    const auto acting = run.recording().process_of(run.recording().last_moment());
    REQUIRE(acting);
    const Process& process = run.world().processes[*acting];
    CHECK(process.parent == 0);  // the child writes
    CHECK(process.state == ProcessState::held);
    REQUIRE(process.globals);
    CHECK(process.globals->front().value == "2");
    REQUIRE(run.stop());
    CHECK(wait_until(run, [&] { return !run.live(); }));
}

TEST_CASE("the processor watches a global: a program is held where it writes, without a stop at each line, in a child too") {
    if (nothing_is_watched_here()) {
        return;
    }
    LiveRun run(inspecting);
    REQUIRE(run.set_hold_classes({.lifecycle = false}));
    LaunchCommand launch = run.paced(live::command({live::sample("fork_write")}));
    launch.grain = Grain::calls;
    REQUIRE(run.start(std::move(launch), "stops"));
    REQUIRE(run.set_stop_points({{}, {{"", "number", 0, true}}}));
    CHECK(run.wanted_grain() == Grain::calls);
    REQUIRE(wait_until(run, [&] { return somebody_is_held(run) || !run.live(); }));
    REQUIRE(run.live());
    const Event& last = run.recording().events().back();
    const auto* write = std::get_if<WriteEvent>(&last.detail);
    REQUIRE_MESSAGE(write, event_kind_name(last));
    CHECK(write->name == "number");
    CHECK(write->place.size() == 4);
    const Process& child = run.world().processes[*run.recording().process_of(run.recording().last_moment())];
    CHECK(child.parent == 0);
    REQUIRE(child.globals);
    CHECK(child.globals->front().address == write->place.start);
    CHECK(child.globals->front().value == "2");
    const StackFrame* frame = frame_of(run, 1);
    REQUIRE(frame);
    CHECK(frame->function == "main");
    REQUIRE(run.set_stop_points({}));
    REQUIRE(run.run());
    CHECK(wait_until(run, [&] { return !run.live(); }));
    CHECK(run.program_exit()->code == 0);
    const auto events = run.recording().events();
    CHECK(std::ranges::none_of(events, [](const Event& e) {
        return std::holds_alternative<SignalEvent>(e.detail) && std::get<SignalEvent>(e.detail).number == SIGTRAP;
    }));
}

namespace {

// Compiles `source` without optimization; returns the program.
std::string compiled(const ScratchFolder& folder, const std::string& source) {
    std::ofstream(folder / "watched.c") << source;
    const std::string program = folder / "watched";
    const auto made =
        run_program({.words = {"cc", "-g", "-O0", "-o", program, folder / "watched.c"}}, std::chrono::seconds(60));
    REQUIRE(made);
    REQUIRE(made->status == 0);
    return program;
}

struct WriteSeen {
    std::size_t process = 0;
    std::string value;
    std::string headline;

    bool operator==(const WriteSeen&) const = default;
};

// Runs the program from one hold at a write to the next.
std::vector<WriteSeen> writes_of(LiveRun& run, const std::string& variable) {
    const Messages words = *read_messages(PROCATLAS_SOURCE_DIR "/assets/locale/en.json");
    std::vector<WriteSeen> seen;
    std::size_t taken = 0;  // events
    const auto is_new = [&](const Process& p) { return p.state == ProcessState::held && p.last_moment >= taken; };
    const auto stands = [&] { return std::ranges::any_of(run.world().processes, is_new) || !run.live(); };
    while (wait_until(run, stands) && run.live() && seen.size() < 50) {
        for (std::size_t at = 0; at < run.world().processes.size(); ++at) {
            const Process& process = run.world().processes[at];
            if (!is_new(process)) {
                continue;
            }
            const auto found = std::ranges::find(*process.globals, variable, &Variable::name);
            REQUIRE(found != process.globals->end());
            const std::size_t moment = process.last_moment;
            seen.push_back(
                {at, found->value, headline({run.recording(), run.recording().world_at(moment), moment, words}).text});
        }
        taken = run.recording().events().size();
        REQUIRE(run.run());
    }
    return seen;
}

}  // namespace

TEST_CASE("each write to a watched global holds its process and is told as it was, also the first of a child") {
    if (nothing_is_watched_here()) {
        return;
    }
    const ScratchFolder folder;
    const std::string program = compiled(folder, R"(
#include <sys/wait.h>
#include <unistd.h>
int another = 1;
int counter;
int main(void) {
    for (int i = 1; i < 4; ++i) {
        another += 1;
        counter += i;
    }
    if (!fork()) {
        counter = 100;
        _exit(7);
    }
    wait(0);
    counter = 200;
    counter = 200;
    return 5;
})");
    for (int round = 0; round < 5; ++round) {
        LiveRun run(inspecting);
        REQUIRE(run.set_hold_classes({.lifecycle = false}));
        LaunchCommand launch = run.paced(live::command({program}));
        launch.grain = Grain::calls;
        REQUIRE(run.start(std::move(launch), "stops"));
        REQUIRE(run.set_stop_points({{}, {{"", "counter", 0, true}}}));
        const std::vector<WriteSeen> expected{{0, "1", "wrote counter = 1 (it was 0)"},
                                              {0, "3", "wrote counter = 3 (it was 1)"},
                                              {0, "6", "wrote counter = 6 (it was 3)"},
                                              {1, "100", "wrote counter = 100 (it was 6)"},
                                              {0, "200", "wrote counter = 200 (it was 6)"}};
        const auto seen = writes_of(run, "counter");
        std::string told;
        for (const WriteSeen& one : seen) {
            told += std::to_string(one.process) + ": " + one.value + ": " + one.headline + "\n";
        }
        CAPTURE(told);
        CHECK(seen == expected);
        CHECK(run.program_exit()->code == 5);
        std::size_t last = 0;  // the second write of 200 holds nobody
        for (std::size_t at = 0; at < run.recording().events().size(); ++at) {
            last = std::holds_alternative<WriteEvent>(run.recording().events()[at].detail) ? at : last;
        }
        const Messages words = *read_messages(PROCATLAS_SOURCE_DIR "/assets/locale/en.json");
        CHECK(headline({run.recording(), run.recording().world_at(last), last, words}).text ==
              "wrote to counter: it has the value that it had");
    }
}

TEST_CASE("at the grain of lines, a write that the processor sees hides no line") {
    if (nothing_is_watched_here()) {
        return;
    }
    const auto lines_of_child = [](const StopPoints& points) {
        LiveRun run(inspecting);
        REQUIRE(run.set_hold_classes({.lifecycle = false, .lines = true}));
        REQUIRE(run.start(run.paced(live::command({live::sample("fork_write")})), "stops"));
        REQUIRE(run.set_stop_points(points));
        bool wrote = false;
        std::vector<std::uint32_t> lines;
        std::size_t seen = 0;
        REQUIRE(wait_until(run, [&] {
            if (somebody_is_held(run)) {
                REQUIRE(run.run());
            }
            for (; seen < run.recording().events().size(); ++seen) {
                const Event& event = run.recording().events()[seen];
                wrote |= std::holds_alternative<WriteEvent>(event.detail);
                if (std::holds_alternative<LineEvent>(event.detail) && run.recording().process_of(seen) == 1) {
                    lines.push_back(event.inside->stack->frames.front()->line);
                }
            }
            return !run.live();
        }));
        CHECK(wrote == !points.empty());
        return lines;
    };
    const auto with = lines_of_child({{}, {{"", "number", 0, true}}});
    CHECK(!with.empty());
    CHECK(with == lines_of_child({}));
}

TEST_CASE("a stop in a Python program holds it at that line") {
    const std::string file = PROCATLAS_SOURCE_DIR "/assets/programs/py_global.py";
    LiveRun run(inspecting);
    start(run, {"/usr/bin/python3", file});
    REQUIRE(run.set_stop_points({{{file, 15}}, {}}));
    REQUIRE(wait_until(run, [&] { return somebody_is_held(run) || !run.live(); }));
    REQUIRE(run.live());
    const StackFrame* frame = frame_of(run, *run.recording().process_of(run.recording().last_moment()));
    REQUIRE(frame);
    CHECK(frame->line == 15);
    REQUIRE(run.stop());
    CHECK(wait_until(run, [&] { return !run.live(); }));
}
