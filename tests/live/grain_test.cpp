#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <set>
#include <utility>

#include "tests/live/grain_support.h"

using namespace procatlas;
using namespace procatlas::live;

TEST_CASE("each call and each return is reported, with the returned value") {
    const Told told = follow("grain_calls", {"nested"});
    CHECK(told.calls == "+main +outer +inner -inner=5 +inner -inner=41 -outer=46 -main=7");
    CHECK(told.output == "nested 46\n");
    CHECK(told.status == 7);
}

TEST_CASE("an event that waits has registers, and the stack pointer goes down at each call and up at each return") {
    const PlannedProgram program(fixture("grain_calls"));
    std::vector<Address> stack;
    const Run r =
        run_finely(finely({fixture("grain_calls"), "5"}, Grain::calls), &program, [&](const ObservedEvent& event, Observer&) {
            const bool call = std::holds_alternative<CallEvent>(event.detail);
            if (call || std::holds_alternative<ReturnEvent>(event.detail)) {
                CHECK(event.waits);
                REQUIRE(event.registers);
                CHECK((*event.registers)[16] == event.program_counter);
                CHECK((*event.registers)[7] == event.stack_pointer);
                if (call) {
                    CHECK((stack.empty() || event.stack_pointer < stack.back()));
                    CHECK(event.program_counter == std::get<CallEvent>(event.detail).function + 4);
                    stack.push_back(event.stack_pointer);
                } else {
                    REQUIRE(!stack.empty());
                    CHECK(event.stack_pointer > stack.back());
                    stack.pop_back();
                }
            }
        });
    REQUIRE(r.ended);
    CHECK(stack.empty());
}

TEST_CASE("a recursion of 1,000 calls is reported in full") {
    std::string expected = "+main";
    for (int i = 0; i <= 1000; ++i) {
        expected += " +depth";
    }
    for (int i = 0; i <= 1000; ++i) {
        expected += " -depth=" + std::to_string(i);
    }
    const Told told = follow("grain_calls", {"1000"});
    CHECK(told.calls == expected + " -main=7");
    CHECK(told.output == "depth 1000\n");
}

TEST_CASE("callbacks from a library are reported") {
    const Told told = follow("grain_calls", {"sorts"});
    CHECK(told.output == "sorted 1 2 3\n");
    CHECK(told.calls.starts_with("+main +sorts +compare -compare="));
    CHECK(told.calls.ends_with(" -sorts=13 -main=7"));  // what printf returned
}

TEST_CASE("functions left by a jump do not return, and later ones at their place do not return twice") {
    const Told told = follow("grain_calls", {"jumps", "nested"});
    CHECK(told.output == "landed 3\nnested 46\n");
    CHECK(
        without_values(told.calls) ==
        "+main +jumps +middle +jumper +middle +jumper +middle +jumper -jumps +outer +inner -inner +inner -inner -outer -main");
}

TEST_CASE("where the program flows to the place behind a call that a jump has left, nothing has returned") {
    const Told deep = follow("grain_landings", {"deep"});
    CHECK(deep.output == "over 2\n");
    CHECK(without_values(deep.calls) == "+main +bail +bail +bail +bail +after -after -main");
    for (const Grain grain : all_grains) {
        CAPTURE(static_cast<int>(grain));
        CHECK(without_values(follow("grain_landings", {"near"}, grain).calls) == "+main +leap +after -after -main");
    }
}

TEST_CASE("coroutines on neighbouring stacks return where they return") {
    const Told told = follow("grain_landings", {"coroutines"});
    CHECK(told.output == "over 6\n");
    CHECK(without_values(told.calls) ==
          "+main +routine +part +routine +part -part +part -part +part -part -part +after -after -main");
}

TEST_CASE("a signal handler is a call, even on its own stack") {
    const Told told = follow("grain_calls", {"signals", "nested"});
    CHECK(told.output == "caught 10\nnested 46\n");
    CHECK(told.calls.starts_with("+main +signals +handler -handler="));
    CHECK(told.calls.ends_with(" -signals=10 +outer +inner -inner=5 +inner -inner=41 -outer=46 -main=7"));
}

TEST_CASE("functions that end in a tail call return together, innermost first") {
    const Told told = follow("grain_tail");
    CHECK(told.calls == "+main +passes_on +last -last=42 -passes_on=42 +passes_on +last -last=2 -passes_on=2 -main=0");
    CHECK(told.output == "44\n");
}

TEST_CASE("lines: each statement reached is reported once, but not where a call is reported") {
    PlannedProgram program(fixture("grain_calls"));
    program.read_lines();
    REQUIRE(program.plan.lines.size() > 20);
    const std::set<Address> lines(program.plan.lines.begin(), program.plan.lines.end());
    std::size_t told = 0;
    ObservedEvent last;
    const Run r = run_finely(
        finely({fixture("grain_calls"), "nested"}, Grain::lines), &program, [&](const ObservedEvent& event, Observer&) {
            if (std::holds_alternative<LineEvent>(event.detail)) {
                ++told;
                CHECK(lines.contains(event.program_counter));
                CHECK((event.program_counter != last.program_counter || event.stack_pointer != last.stack_pointer));
            }
            last = event;
        });
    REQUIRE(r.ended);
    CHECK(told >= 8);
    CHECK(calls_of(r, program) == "+main +outer +inner -inner=5 +inner -inner=41 -outer=46 -main=7");
}

TEST_CASE("instructions: only of the program's own code, each from where the previous one ended") {
    PlannedProgram program(fixture("grain_calls"));
    program.read_lines();
    std::size_t told = 0;
    ObservedEvent last;
    const auto is_own = [&](Address address) {
        return std::ranges::any_of(program.plan.own_code, [&](const AddressRange& range) { return range.contains(address); });
    };
    const Run r = run_finely(finely({fixture("grain_calls"), "nested"}, Grain::instructions), &program,
                             [&](const ObservedEvent& event, Observer&) {
                                 if (const auto* step = std::get_if<InstructionEvent>(&event.detail)) {
                                     ++told;
                                     CHECK(is_own(step->program_counter_before));
                                     if (is_own(last.program_counter)) {
                                         CHECK(step->program_counter_before == last.program_counter);
                                         CHECK(step->stack_pointer_before == last.stack_pointer);
                                     }
                                 }
                                 last = event;
                             });
    REQUIRE(r.ended);
    CHECK(told > 50);
    CHECK(calls_of(r, program) == "+main +outer +inner -inner=5 +inner -inner=41 -outer=46 -main=7");
    CHECK(output_of(r.recording) == "nested 46\n");
    CHECK(status_of(r.recording) == 7);
}

TEST_CASE("switching to the grain `none` removes all breakpoints, and the program ends as it would without") {
    for (const Grain grain : all_grains) {
        PlannedProgram program(fixture("grain_calls"));
        program.read_lines();
        bool let_go = false;
        int after = 0;
        const Run r = run_finely(finely({fixture("grain_calls"), "500", "nested"}, grain), &program,
                                 [&](const ObservedEvent& event, Observer& observer) {
                                     after += let_go && event.waits ? 1 : 0;
                                     const auto* back = std::get_if<ReturnEvent>(&event.detail);
                                     if (!let_go && back && back->value == 100) {
                                         let_go = true;
                                         CHECK(observer.send(GrainCommand{Grain::none}));
                                     }
                                 });
        REQUIRE(r.ended);
        CHECK(let_go);
        CHECK(after == 0);
        CHECK(output_of(r.recording) == "depth 500\nnested 46\n");
        CHECK(status_of(r.recording) == 7);
    }
}

TEST_CASE("a finer grain chosen during the run takes effect from there on") {
    PlannedProgram program(fixture("grain_calls"));
    program.read_lines();
    int instructions = 0;
    const Run r = run_finely(finely({fixture("grain_calls"), "nested", "20"}, Grain::calls), &program,
                             [&](const ObservedEvent& event, Observer& observer) {
                                 instructions += std::holds_alternative<InstructionEvent>(event.detail) ? 1 : 0;
                                 if (std::holds_alternative<OutputEvent>(event.detail)) {
                                     CHECK(observer.send(GrainCommand{Grain::instructions}));
                                 } else if (const auto* call = std::get_if<CallEvent>(&event.detail)) {
                                     CHECK((instructions > 0) == (program.name_of(call->function) == "depth"));
                                 }
                             });
    REQUIRE(r.ended);
    CHECK(instructions > 100);
    CHECK(status_of(r.recording) == 7);
}

TEST_CASE("a thread that is held and awaits inspection resumes after both, in either order") {
    for (const bool step_first : {false, true}) {
        const PlannedProgram program(fixture("grain_calls"));
        LaunchCommand launch = finely({fixture("grain_calls"), "nested"}, Grain::calls);
        launch.hold = true;
        launch.hold_classes = {false, false, false, true};
        int held = 0;
        const Run r = run(launch, [&](const ObservedEvent& event, Observer& observer) {
            if (std::holds_alternative<ExecEvent>(event.detail)) {
                CHECK(observer.send(BreakpointsCommand{event.process.pid, program.plan_in(event.process.pid)}));
            }
            held += event.held ? 1 : 0;
            CHECK((!event.held || event.waits));
            if (event.held && step_first) {
                CHECK(observer.send(StepCommand{event.process.pid}));
            }
            if (event.waits) {
                CHECK(observer.send(ReleaseCommand{event.thread}));
            }
            if (event.held && !step_first) {
                CHECK(observer.send(StepCommand{event.process.pid}));
            }
        });
        REQUIRE(r.ended);
        CHECK(held == 8);
        CHECK(calls_of(r, program) == "+main +outer +inner -inner=5 +inner -inner=41 -outer=46 -main=7");
    }
}

TEST_CASE("stopping all ends threads that await inspection in vain, and so does the end of the observer") {
    for (const bool kill_observer : {false, true}) {
        const PlannedProgram program(fixture("grain_threads"));
        std::set<std::int32_t> pids;
        bool stopped = false;
        const LaunchCommand launch = finely({fixture("grain_threads")}, Grain::calls);
        auto observer = start_observer(launch);
        REQUIRE(observer);
        const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (!(*observer)->ended() && std::chrono::steady_clock::now() < deadline && !(stopped && kill_observer)) {
            pollfd ready{(*observer)->descriptor(), POLLIN, 0};
            ::poll(&ready, 1, 1000);
            for (const ObservedEvent& event : (*observer)->receive()) {
                pids.insert(event.process.pid);
                if (std::holds_alternative<ExecEvent>(event.detail)) {
                    CHECK((*observer)->send(BreakpointsCommand{event.process.pid, program.plan_in(event.process.pid)}));
                }
                const auto* call = std::get_if<CallEvent>(&event.detail);
                if (call && program.name_of(call->function) == "shared_work") {
                    if (!kill_observer && !std::exchange(stopped, true)) {
                        CHECK((*observer)->send(StopAllCommand{}));
                    }
                    stopped = true;
                } else if (event.waits && !stopped) {
                    CHECK((*observer)->send(ReleaseCommand{event.thread}));
                }
            }
        }
        CHECK(stopped);
        CHECK((kill_observer || (*observer)->ended()));
        observer->reset();  // kills it if it has not ended
        for (const std::int32_t pid : pids) {
            const auto gone = [&] { return pid <= 0 || ::kill(pid, 0) != 0; };
            while (!gone() && std::chrono::steady_clock::now() < deadline) {
                ::poll(nullptr, 0, 1);
            }
            CHECK(gone());
        }
    }
}

TEST_CASE("the grain `none` releases waiting threads, and a thread killed while it waits ends") {
    for (const bool kill_it : {false, true}) {
        const PlannedProgram program(fixture("grain_threads"));
        int seen = 0;
        const Run r = run_finely(finely({fixture("grain_threads")}, Grain::calls), &program,
                                 [&](const ObservedEvent& event, Observer& observer) {
                                     if (std::holds_alternative<CallEvent>(event.detail) && ++seen == 100) {
                                         if (!kill_it) {
                                             CHECK(observer.send(GrainCommand{Grain::none}));
                                         } else if (event.process.pid > 0) {
                                             ::kill(event.process.pid, SIGKILL);
                                         }
                                     }
                                 });
        REQUIRE(r.ended);
        CHECK(seen >= 100);
        CHECK(seen < 800);
        CHECK(status_of(r.recording) == (kill_it ? 128 + SIGKILL : 0));
        CHECK(output_of(r.recording) == (kill_it ? "" : "800\n"));
    }
}
