// Stops at lines and at changes of variables, in real programs.
#include <doctest/doctest.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <vector>

#include "core/live/inspecting_observer.h"
#include "core/live/live_run.h"
#include "core/model/inside_moment.h"
#include "tests/live/live_support.h"

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
