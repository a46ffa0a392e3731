#include <doctest/doctest.h>
#include <signal.h>

#include <chrono>
#include <set>

#include "tests/live/live_support.h"

using namespace procatlas;
using namespace procatlas::live;

TEST_CASE("with hold, each process waits at each of its events until it is stepped") {
    LaunchCommand launch = command({fixture("many_children"), "3", "1"});
    launch.hold = true;
    launch.watch_memory = false;
    int held = 0;
    std::set<std::int32_t> held_now;
    const Run r = run(launch, [&](const ObservedEvent& event, Observer& observer) {
        if (const auto* fork = std::get_if<ForkEvent>(&event.detail); fork && fork->child_held) {
            CHECK(observer.send(StepCommand{fork->child.pid}));
        }
        if (event.held) {
            CHECK(!held_now.contains(event.process.pid));  // nothing happens in a held process
            held_now.insert(event.process.pid);
            ++held;
            held_now.erase(event.process.pid);
            CHECK(observer.send(StepCommand{event.process.pid}));
        }
    });
    REQUIRE(r.ended);
    // exec, three forks, three exits and the parent's own.
    CHECK(held == 8);
    CHECK(status_of(r.recording) == 0);
}

TEST_CASE("run releases everything that was held") {
    LaunchCommand launch = command({fixture("many_children"), "20", "20"});
    launch.hold = true;
    const Run r = run(launch, [&](const ObservedEvent& event, Observer& observer) {
        if (std::holds_alternative<ExecEvent>(event.detail)) {
            CHECK(event.held);
            CHECK(observer.send(RunCommand{}));
        }
    });
    REQUIRE(r.ended);
    CHECK(r.recording.last_world().processes.size() == 21);
}

TEST_CASE("the events to hold at can be chosen: only output") {
    LaunchCommand launch = command({fixture("grows")});
    launch.hold = true;
    launch.hold_classes = {false, false, true};
    int held = 0;
    const Run r = run(launch, [&](const ObservedEvent& event, Observer& observer) {
        if (event.held) {
            ++held;
            CHECK(std::holds_alternative<OutputEvent>(event.detail));
            CHECK(observer.send(StepCommand{0}));
        }
    });
    REQUIRE(r.ended);
    CHECK(held == 2);
}

TEST_CASE("slow motion waits at each event") {
    LaunchCommand launch = command({fixture("many_children"), "2", "1"});
    launch.hold = true;
    launch.watch_memory = false;
    const auto begin = std::chrono::steady_clock::now();
    const Run r = run(launch, [&](const ObservedEvent& event, Observer& observer) {
        if (std::holds_alternative<ExecEvent>(event.detail)) {
            CHECK(observer.send(DelayCommand{std::chrono::milliseconds(50)}));
            CHECK(observer.send(RunCommand{}));
        }
    });
    REQUIRE(r.ended);
    CHECK(std::chrono::steady_clock::now() - begin >= std::chrono::milliseconds(150));  // two forks and an exit of the parent
}

TEST_CASE("stop all ends every process, held or not, and even one that ignores SIGTERM") {
    LaunchCommand launch =
        command({"sh", "-c", "trap '' TERM; sleep 100 & sleep 100 & echo ready; while :; do sleep 100; done"});
    const Run r = run(launch, [&](const ObservedEvent& event, Observer& observer) {
        const auto* output = std::get_if<OutputEvent>(&event.detail);
        if (output && output->text == "ready\n") {
            CHECK(observer.send(StopAllCommand{}));
        }
    });
    REQUIRE(r.ended);
    CHECK(r.recording.last_world().alive_count() == 0);
    CHECK(status_of(r.recording) == 128 + SIGKILL);

    LaunchCommand held = command({fixture("many_children"), "5", "5"});
    held.hold = true;
    const Run h = run(held, [&](const ObservedEvent& event, Observer& observer) {
        if (event.held) {
            CHECK(observer.send(StopAllCommand{}));
        }
    });
    REQUIRE(h.ended);
    CHECK(h.recording.last_world().alive_count() == 0);
}

TEST_CASE("at the cap everything is held and the question is reported; a higher cap releases it") {
    LaunchCommand launch = command({"sh", "-c", "for i in 1 2 3 4 5 6 7 8; do sleep 0.2 & done; wait"});
    launch.process_cap = 4;
    int asked = 0;
    std::size_t most = 0;
    const Run r = run(launch, [&](const ObservedEvent& event, Observer& observer) {
        const auto* note = std::get_if<NoteEvent>(&event.detail);
        if (note && note->code == NoteCode::cap_reached) {
            ++asked;
            most = note->number;
            CHECK(observer.send(CapCommand{static_cast<std::uint32_t>(note->number * 2)}));
        }
    });
    REQUIRE(r.ended);
    CHECK(asked == 2);
    CHECK(most == 8);
    CHECK(r.recording.last_world().processes.size() == 9);
    CHECK(status_of(r.recording) == 0);
}

TEST_CASE("typed input reaches the program, and Ctrl-C ends what a terminal's Ctrl-C would end") {
    const Run cat = run(command({"cat"}), [&](const ObservedEvent& event, Observer& observer) {
        if (std::holds_alternative<ExecEvent>(event.detail)) {
            CHECK(observer.send(InputCommand{"hello\n\x04"}));
        }
    });
    REQUIRE(cat.ended);
    CHECK(output_of(cat.recording) == "hello\n");
    CHECK(status_of(cat.recording) == 0);

    // Both processes have called exec by now, so the shell has already made the background one ignore the signal.
    int programs = 0;
    const Run shell = run(command({"bash", "-c", "sleep 0.3 & sleep 100; echo not reached"}),
                          [&](const ObservedEvent& event, Observer& observer) {
                              const auto* exec = std::get_if<ExecEvent>(&event.detail);
                              if (exec && exec->arguments[0] == "sleep" && ++programs == 2) {
                                  CHECK(observer.send(InputCommand{"\x03"}));
                              }
                          });
    REQUIRE(shell.ended);
    CHECK(status_of(shell.recording) == 128 + SIGINT);
    CHECK(output_of(shell.recording).find("not reached") == std::string::npos);
    const auto& background = shell.recording.last_world().processes[1].exit;
    REQUIRE(background);
    CHECK(background->code == 0);  // the background job ignores it, as without procatlas
}
