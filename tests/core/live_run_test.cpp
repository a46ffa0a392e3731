// A run from start to end, without a window. Its events come from a list.
#include "core/live/live_run.h"

#include <doctest/doctest.h>
#include <poll.h>

#include <algorithm>
#include <chrono>

#include "core/store/read_recording.h"
#include "tests/scratch_folder.h"
#include "tests/support/scripted_run.h"

using namespace procatlas;
using namespace std::chrono_literals;

namespace {

ObservedEvent cap_reached(std::uint64_t cap) {
    ObservedEvent event;
    event.detail = NoteEvent{.code = NoteCode::cap_reached, .text = "", .number = cap};
    return event;
}

bool is_readable(const LiveRun& run) {
    std::vector<pollfd> waits;
    for (const int descriptor : run.descriptors()) {
        waits.push_back({descriptor, POLLIN, 0});
    }
    return ::poll(waits.data(), waits.size(), 0) > 0;
}

}  // namespace

TEST_CASE("LiveRun: a run takes in what its observer reports, and says what changed and when to pump again") {
    ScriptedProgram program(two_processes(), 1);
    LiveRun run(program.starter());
    CHECK(!run.started());
    CHECK(!run.pump().any());
    REQUIRE(run.start(launch_of({"sh"}), "sh"));
    CHECK(run.started());
    CHECK(run.title() == "sh");
    REQUIRE(is_readable(run));
    CHECK(run.pump().events);
    CHECK(run.world().processes.size() == 1);
    REQUIRE(is_readable(run));
    CHECK(run.pump().events);
    CHECK(run.world().processes.size() == 2);
    CHECK(!is_readable(run));
    CHECK(!run.due());
    CHECK(!run.pump().any());
    CHECK(run.live());
}

TEST_CASE("a run is over when all processes have ended, and then sends nothing") {
    auto events = two_processes();
    events.push_back(all_ended());
    ScriptedProgram program(events);
    LiveRun run(program.starter());
    REQUIRE(run.start(launch_of({"sh"}), "sh"));
    run.pump();
    CHECK(run.watching());
    CHECK(!run.live());
    CHECK(run.run());
    CHECK(program.commands().empty());
}

TEST_CASE("the user's requests reach the observer as commands") {
    ScriptedProgram program(two_processes());
    LiveRun run(program.starter());
    REQUIRE(run.start(launch_of({"sh"}, AtFirstEvent::holds), "sh"));
    run.pump();
    CHECK(run.holding());
    REQUIRE(run.run());
    CHECK(program.last_command<RunCommand>());
    CHECK(!run.holding());
    REQUIRE(run.hold());
    CHECK(program.last_command<HoldCommand>());
    CHECK(run.holding());
    REQUIRE(run.step(11));
    REQUIRE(program.last_command<StepCommand>());
    CHECK(program.last_command<StepCommand>()->pid == 11);
    REQUIRE(run.stop());
    CHECK(program.last_command<StopAllCommand>());
}

TEST_CASE("slow motion and hold classes start as launched, can change during the run, and apply to the next program") {
    ScriptedProgram program(two_processes());
    LiveRun run(program.starter());
    REQUIRE(run.set_delay(250ms));  // before anything runs
    HoldClasses lines;
    lines.lines = true;
    REQUIRE(run.set_hold_classes(lines));
    REQUIRE(run.start(run.paced(launch_of({"true"})), "true"));
    CHECK(program.launches.back().delay == 250ms);
    CHECK(program.launches.back().hold_classes == lines);
    CHECK(program.launches.back().grain == Grain::lines);
    CHECK(run.looks_inside());

    HoldClasses calls;
    calls.calls = true;
    REQUIRE(run.set_hold_classes(calls));
    REQUIRE(program.last_command<GrainCommand>());
    CHECK(program.last_command<GrainCommand>()->grain == Grain::calls);
    REQUIRE(run.set_delay(10ms));
    REQUIRE(run.restart(AtFirstEvent::holds));
    CHECK(program.launches.back().hold);
    CHECK(program.launches.back().delay == 10ms);
    CHECK(program.launches.back().grain == Grain::calls);
}

TEST_CASE("whose calls and lines are told applies to the next program") {
    ScriptedProgram program(two_processes());
    LiveRun run(program.starter());
    CHECK(run.followed() == FollowedCode::own);
    run.set_followed(FollowedCode::with_libraries);
    REQUIRE(run.start(run.paced(launch_of({"true"})), "true"));
    CHECK(program.launches.back().followed == FollowedCode::with_libraries);
    run.set_followed(FollowedCode::own);
    REQUIRE(run.restart(AtFirstEvent::runs));
    CHECK(program.launches.back().followed == FollowedCode::own);
}

TEST_CASE("a program started without breakpoints gets no finer grain later") {
    ScriptedProgram program(two_processes());
    LiveRun run(program.starter());
    REQUIRE(run.start(run.paced(launch_of({"true"})), "true"));
    HoldClasses calls;
    calls.calls = true;
    REQUIRE(run.set_hold_classes(calls));
    CHECK(program.last_command<HoldClassesCommand>());
    CHECK(!run.looks_inside());
}

TEST_CASE("at the cap all processes are held until the answer: stop, or continue with twice the cap") {
    auto events = two_processes();
    events.push_back(cap_reached(256));
    ScriptedProgram program(events);
    LiveRun run(program.starter());
    for (const CapAnswer answer : {CapAnswer::go_on, CapAnswer::stop}) {
        REQUIRE(run.start(launch_of({"sh"}), "sh"));
        CHECK(!run.cap_question());
        REQUIRE(run.answer_cap(answer));
        CHECK(program.commands().empty());  // nobody asked
        run.pump();
        CHECK(run.cap_question() == 256u);
        CHECK(run.holding());
        REQUIRE(run.answer_cap(answer));
        CHECK(!run.cap_question());
        if (answer == CapAnswer::stop) {
            CHECK(program.last_command<StopAllCommand>());
            continue;
        }
        REQUIRE(program.commands().size() == 2);
        CHECK(std::get<CapCommand>(program.commands().front()).cap == 512);
        CHECK(program.last_command<RunCommand>());
        CHECK(!run.holding());
    }
}

TEST_CASE("nobody is asked about the cap any more when all have ended") {
    auto events = two_processes();
    events.push_back(cap_reached(256));
    events.push_back(all_ended());
    ScriptedProgram program(events, 3);
    LiveRun run(program.starter());
    REQUIRE(run.start(launch_of({"sh"}), "sh"));
    run.pump();
    REQUIRE(run.cap_question());
    run.pump();
    CHECK(!run.cap_question());
}

TEST_CASE("a start begins a new recording, and nothing runs if it fails") {
    auto events = two_processes();
    events.push_back(cap_reached(4));
    ScriptedProgram program(events);
    LiveRun run(program.starter());
    REQUIRE(run.start(launch_of({"sh"}), "sh"));
    run.pump();
    const std::size_t before = run.generation();
    program.problem = "no observer";
    const auto started = run.start(launch_of({"ls"}), "ls");
    REQUIRE(!started);
    CHECK(started.error().message == "no observer");
    CHECK(run.generation() == before + 1);
    CHECK(run.recording().empty());
    CHECK(!run.cap_question());
    CHECK(!run.live());
    program.problem.clear();
    REQUIRE(run.restart(AtFirstEvent::runs));
    CHECK(program.launches.back().arguments == std::vector<std::string>{"ls"});
    CHECK(run.live());
}

TEST_CASE("a recording of the past is shown, runs nothing and cannot be restarted") {
    Recording past;
    for (ObservedEvent& event : two_processes()) {
        past.append(std::move(event));
    }
    ScriptedProgram program({});
    LiveRun run(program.starter());
    run.open(std::move(past), "old");
    CHECK(run.opened());
    CHECK(run.started());
    CHECK(!run.live());
    CHECK(run.world().processes.size() == 2);
    REQUIRE(run.restart(AtFirstEvent::runs));
    CHECK(program.launches.empty());
    CHECK(run.opened());
}

TEST_CASE("any moment can be viewed while the run goes on") {
    ScriptedProgram program(two_processes());
    LiveRun run(program.starter());
    REQUIRE(run.start(launch_of({"sh"}), "sh"));
    run.pump();
    CHECK(run.world_at(0).processes.size() == 1);
    CHECK(run.world_at(1).processes.size() == 2);
    CHECK(&run.world_at(std::nullopt) == &run.world());
}

TEST_CASE("the file of a run is complete, whatever recording comes next") {
    const ScratchFolder folder;
    ScriptedProgram program(two_processes());
    LiveRun run(program.starter());
    REQUIRE(run.start(launch_of({"sh"}), "first", folder / "a.procatlas"));
    CHECK(run.file() == folder / "a.procatlas");
    run.pump();
    REQUIRE(run.start(launch_of({"sh"}), "second", folder / "b.procatlas"));
    run.pump();
    REQUIRE(run.close_file());
    for (const auto& [name, title] : {std::pair("a.procatlas", "first"), std::pair("b.procatlas", "second")}) {
        const auto read = read_recording(folder / name);
        REQUIRE(read);
        CHECK(read->info.title == title);
        CHECK(read->recording.events().size() == 2);
    }
}

TEST_CASE("closing the file ends the program, and keeps what the observer had sent and nobody had taken yet") {
    const ScratchFolder folder;
    ScriptedProgram program(two_processes(), 1);
    LiveRun run(program.starter());
    REQUIRE(run.start(launch_of({"sh"}), "sh", folder / "run.procatlas"));
    REQUIRE(run.close_file());
    CHECK(program.last_command<StopAllCommand>());
    CHECK(!run.watching());
    const auto read = read_recording(folder / "run.procatlas");
    REQUIRE(read);
    CHECK(read->recording.events().size() == 2);
}

TEST_CASE("if the file cannot be created, the program is not started") {
    ScriptedProgram program(two_processes());
    LiveRun run(program.starter());
    CHECK(!run.start(launch_of({"sh"}), "sh", "/none/of/this/run.procatlas"));
    CHECK(program.launches.empty());
    CHECK(run.file().empty());
}

TEST_CASE("viewing a process requests its resident pages, but not at a past moment") {
    ScriptedProgram program(two_processes());
    LiveRun run(program.starter());
    REQUIRE(run.start(launch_of({"sh"}), "sh"));
    run.pump();
    run.look_at({.resident_of = 1, .bytes = std::nullopt, .at_present = false});
    CHECK(program.commands().empty());
    run.look_at({.resident_of = 1, .bytes = std::nullopt, .at_present = true});
    REQUIRE(program.last_command<MeasureCommand>());
    CHECK(program.last_command<MeasureCommand>()->pid == 11);
}

TEST_CASE("what was withheld of a flood of output is in the file, though the program still runs") {
    const ScratchFolder folder;
    auto events = two_processes();
    for (int i = 0; i < 10'000; ++i) {
        events.push_back(event_of(10, OutputEvent{OutputStream::standard_output, std::string(1000, 'x'), 1000}));
    }
    events.push_back(event_of(10, OutputEvent{OutputStream::standard_output, "the last", 8}));
    ScriptedProgram program(events);
    LiveRun run(program.starter());
    REQUIRE(run.start(launch_of({"sh"}), "sh", folder / "run.procatlas"));
    run.pump();
    CHECK(run.recording().events().size() < 8'000);
    REQUIRE(run.close_file());
    const auto read = read_recording(folder / "run.procatlas");
    REQUIRE(read);
    std::uint64_t size = 0;
    std::string last;
    for (const std::size_t moment : read->recording.output_moments()) {
        const auto& output = std::get<OutputEvent>(read->recording.events()[moment].detail);
        size += output.size;
        last = output.text;
    }
    CHECK(size == 10'000 * 1000 + 8);
    CHECK(last.ends_with("the last"));
}

TEST_CASE("an observer that is ended without its help leaves a gap that says why, and the run is over") {
    ScriptedProgram program(two_processes(), 0, ScriptedObserver::Afterwards::stays);
    LiveRun run(program.starter());
    REQUIRE(run.start(launch_of({"sh"}), "sh"));
    CHECK(!run.pump().observer_lost);
    run.end("it stood still");
    CHECK(run.pump().observer_lost);
    CHECK(!run.watching());
    const auto* gap = std::get_if<GapEvent>(&run.recording().events().back().detail);
    REQUIRE(gap);
    CHECK(gap->text == "it stood still");
}
