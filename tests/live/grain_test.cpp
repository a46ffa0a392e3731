#include <doctest/doctest.h>
#include <signal.h>

#include <elf.h>

#include <algorithm>
#include <array>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <utility>

#include "tests/live/grain_support.h"

using namespace procatlas;
using namespace procatlas::live;

namespace {

LaunchCommand finely(std::vector<std::string> arguments, Grain grain) {
    LaunchCommand launch = command(std::move(arguments));
    launch.grain = grain;
    launch.watch_memory = false;
    return launch;
}

struct Told {
    std::string calls;
    std::string output;
    int status = -1;
};

// The fixture at a grain, followed to its end.
Told follow(const std::string& name, const std::vector<std::string>& arguments = {}, Grain grain = Grain::calls) {
    PlannedProgram program(fixture(name));
    if (grain >= Grain::lines) {
        program.read_lines();
    }
    std::vector<std::string> all{fixture(name)};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const Run r = run_finely(finely(all, grain), &program);
    REQUIRE(r.ended);
    return {calls_of(r, program), output_of(r.recording), status_of(r.recording)};
}

// Of a function without a result the value is what happens to be there.
std::string without_values(const std::string& calls) {
    static const std::regex value("=-?[0-9]+");
    return std::regex_replace(calls, value, "");
}

constexpr std::array all_grains{Grain::calls, Grain::lines, Grain::instructions};

}  // namespace

TEST_CASE("each call and each return is told, with what was returned") {
    const Told told = follow("grain_calls", {"nested"});
    CHECK(told.calls == "+main +outer +inner -inner=5 +inner -inner=41 -outer=46 -main=7");
    CHECK(told.output == "nested 46\n");
    CHECK(told.status == 7);
}

TEST_CASE("a waiting event carries the registers, and the stack pointer goes down with each call and up with each return") {
    const PlannedProgram program(fixture("grain_calls"));
    std::vector<Address> stack;
    const Run r = run_finely(finely({fixture("grain_calls"), "5"}, Grain::calls), &program, [&](const Event& event, Observer&) {
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

TEST_CASE("a recursion of 1,000 calls is told whole") {
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

TEST_CASE("what a library calls back is told") {
    const Told told = follow("grain_calls", {"sorts"});
    CHECK(told.output == "sorted 1 2 3\n");
    CHECK(told.calls.starts_with("+main +sorts +compare -compare="));
    CHECK(told.calls.ends_with(" -sorts=13 -main=7"));  // what printf returned
}

TEST_CASE("functions that were left by a jump do not return, nor do later ones in their place return twice") {
    const Told told = follow("grain_calls", {"jumps", "nested"});
    CHECK(told.output == "landed 3\nnested 46\n");
    CHECK(
        without_values(told.calls) ==
        "+main +jumps +middle +jumper +middle +jumper +middle +jumper -jumps +outer +inner -inner +inner -inner -outer -main");
}

TEST_CASE("a signal handler is a call, on a stack of its own too") {
    const Told told = follow("grain_calls", {"signals", "nested"});
    CHECK(told.output == "caught 10\nnested 46\n");
    CHECK(told.calls.starts_with("+main +signals +handler -handler="));
    CHECK(told.calls.ends_with(" -signals=10 +outer +inner -inner=5 +inner -inner=41 -outer=46 -main=7"));
}

TEST_CASE("functions that end in a call return together, the innermost first") {
    const Told told = follow("grain_tail");
    CHECK(told.calls == "+main +passes_on +last -last=42 -passes_on=42 +passes_on +last -last=2 -passes_on=2 -main=0");
    CHECK(told.output == "44\n");
}

TEST_CASE("lines: each statement that is reached, once, and none of it where a call is told") {
    PlannedProgram program(fixture("grain_calls"));
    program.read_lines();
    REQUIRE(program.plan.lines.size() > 20);
    const std::set<Address> lines(program.plan.lines.begin(), program.plan.lines.end());
    std::size_t told = 0;
    Event last;
    const Run r =
        run_finely(finely({fixture("grain_calls"), "nested"}, Grain::lines), &program, [&](const Event& event, Observer&) {
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

TEST_CASE("instructions: of own code only, each from where the one before ended") {
    PlannedProgram program(fixture("grain_calls"));
    program.read_lines();
    std::size_t told = 0;
    Event last;
    const auto is_own = [&](Address address) {
        return std::ranges::any_of(program.plan.own_code, [&](const AddressRange& range) { return range.contains(address); });
    };
    const Run r = run_finely(finely({fixture("grain_calls"), "nested"}, Grain::instructions), &program,
                             [&](const Event& event, Observer&) {
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

TEST_CASE("four threads that call one function 200 times each make 800 calls and 800 returns, at every grain") {
    for (const Grain grain : all_grains) {
        PlannedProgram program(fixture("grain_threads"));
        program.read_lines();
        const Run r = run_finely(finely({fixture("grain_threads")}, grain), &program);
        REQUIRE(r.ended);
        std::map<std::string, int> calls;
        std::map<std::string, int> returns;
        for (const Event& event : r.recording.events()) {
            if (const auto* call = std::get_if<CallEvent>(&event.detail)) {
                ++calls[program.name_of(call->function)];
            } else if (const auto* back = std::get_if<ReturnEvent>(&event.detail)) {
                ++returns[program.name_of(back->function)];
            }
        }
        CAPTURE(static_cast<int>(grain));
        CHECK(calls["shared_work"] == 800);
        CHECK(returns["shared_work"] == 800);
        CHECK(calls["thread_main"] == 4);
        CHECK(returns["thread_main"] == 4);
        CHECK(output_of(r.recording) == "800\n");
        CHECK(status_of(r.recording) == 0);
    }
}

TEST_CASE("a fork is followed in parent and child; vfork and exec run other programs, which see nothing of it") {
    for (const Grain grain : all_grains) {
        PlannedProgram program(fixture("grain_family"));
        program.read_lines();
        const Run r = run_finely(finely({fixture("grain_family")}, grain), &program);
        REQUIRE(r.ended);
        CAPTURE(static_cast<int>(grain));
        const World& world = r.recording.last_world();
        REQUIRE(world.processes.size() == 3);
        CHECK(calls_of(r, program, world.processes[0].key.pid) ==
              "+main +by_parent +both -both=2 -by_parent=6 +by_parent +both -both=3 -by_parent=9");
        CHECK(calls_of(r, program, world.processes[1].key.pid) == "+by_child +both -both=2 -by_child=4");
        CHECK(calls_of(r, program, world.processes[2].key.pid).empty());
        CHECK(output_of(r.recording) == "child 4\nparent 6 3\nby vfork\nparent 9\nby exec\n");
        CHECK(status_of(r.recording) == 0);
        CHECK(world.processes[1].exit->code == 3);
        CHECK(world.processes[2].exit->code == 0);
    }
}

TEST_CASE("a program's own traps reach it, at every grain") {
    for (const Grain grain : all_grains) {
        const Told told = follow("grain_traps", {}, grain);
        CAPTURE(static_cast<int>(grain));
        CHECK(told.output == "traps 2\n");
        CHECK(told.status == 5);
    }
}

TEST_CASE("every grain tells the same calls and changes neither output nor exit code") {
    const Told calls = follow("grain_calls", {"nested", "sorts", "jumps", "signals", "30"});
    for (const Grain grain : {Grain::lines, Grain::instructions}) {
        const Told told = follow("grain_calls", {"nested", "sorts", "jumps", "signals", "30"}, grain);
        CAPTURE(static_cast<int>(grain));
        CHECK(without_values(told.calls) == without_values(calls.calls));
        CHECK(told.output == calls.output);
        CHECK(told.status == 7);
    }
}

TEST_CASE("programs of which nothing is known are waited for at their events, and are not changed") {
    for (const Grain grain : all_grains) {
        const Run shell = run_finely(
            finely({"bash", "-c", "for i in 1 2 3; do /bin/echo $i | cat; done; (exit 4) || exit 5"}, grain), nullptr);
        REQUIRE(shell.ended);
        CHECK(output_of(shell.recording) == "1\n2\n3\n");
        CHECK(status_of(shell.recording) == 5);
        const Run python = run_finely(finely({"python3", "-c", "import os; print(6 * 7); os._exit(9)"}, grain), nullptr);
        REQUIRE(python.ended);
        CHECK(output_of(python.recording) == "42\n");
        CHECK(status_of(python.recording) == 9);
    }
}

TEST_CASE("the grain `none` in the midst takes all out, and the program ends as it would have") {
    for (const Grain grain : all_grains) {
        PlannedProgram program(fixture("grain_calls"));
        program.read_lines();
        bool let_go = false;
        int after = 0;
        const Run r = run_finely(finely({fixture("grain_calls"), "500", "nested"}, grain), &program,
                                 [&](const Event& event, Observer& observer) {
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

TEST_CASE("a finer grain in the midst is obeyed from there on") {
    PlannedProgram program(fixture("grain_calls"));
    program.read_lines();
    int instructions = 0;
    const Run r = run_finely(finely({fixture("grain_calls"), "nested", "20"}, Grain::calls), &program,
                             [&](const Event& event, Observer& observer) {
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

TEST_CASE("a thread that waits for both is let go by both, in either order") {
    for (const bool step_first : {false, true}) {
        const PlannedProgram program(fixture("grain_calls"));
        LaunchCommand launch = finely({fixture("grain_calls"), "nested"}, Grain::calls);
        launch.hold = true;
        launch.hold_classes = {false, false, false, true};
        int held = 0;
        const Run r = run(launch, [&](const Event& event, Observer& observer) {
            if (std::holds_alternative<ExecEvent>(event.detail)) {
                CHECK(observer.send(BreakpointsCommand{event.process.pid, program.plan}));
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

TEST_CASE("stop all ends those that wait and that nobody answers; so does the observer's own end") {
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
            for (const Event& event : (*observer)->receive()) {
                pids.insert(event.process.pid);
                if (std::holds_alternative<ExecEvent>(event.detail)) {
                    CHECK((*observer)->send(BreakpointsCommand{event.process.pid, program.plan}));
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
        observer->reset();  // kills it, where it has not ended
        for (const std::int32_t pid : pids) {
            const auto gone = [&] { return pid <= 0 || ::kill(pid, 0) != 0; };
            while (!gone() && std::chrono::steady_clock::now() < deadline) {
                ::poll(nullptr, 0, 1);
            }
            CHECK(gone());
        }
    }
}

TEST_CASE("signals at any moment lose no call, make none, and interrupt no system call that would go on") {
    for (const Grain grain : all_grains) {
        PlannedProgram program(fixture("grain_storm"));
        program.read_lines();
        const Run r = run_finely(finely({fixture("grain_storm")}, grain), &program);
        REQUIRE(r.ended);
        int work = 0;
        int handled = 0;
        for (const Event* event : events_of<CallEvent>(r.recording)) {
            const std::string name = program.name_of(std::get<CallEvent>(event->detail).function);
            work += name == "stormy_work" ? 1 : 0;
            handled += name == "handler" ? 1 : 0;
        }
        CAPTURE(static_cast<int>(grain));
        CHECK(work == 300);
        CHECK(handled > 0);
        CHECK(output_of(r.recording) == "300 1 " + std::to_string(handled) + "\n");
        CHECK(status_of(r.recording) == 0);
    }
}

TEST_CASE("a stepped program sees no trap flag; a vfork child's calls and an exec by a thread are followed") {
    for (const Grain grain : all_grains) {
        PlannedProgram program(fixture("grain_flags"));
        program.read_lines();
        const Run r = run_finely(finely({fixture("grain_flags")}, grain), &program);
        REQUIRE(r.ended);
        CAPTURE(static_cast<int>(grain));
        CHECK(output_of(r.recording) == "flags 0 made 3\nby thread\n");
        CHECK(status_of(r.recording) == 0);
        const World& world = r.recording.last_world();
        REQUIRE(world.processes.size() == 2);
        CHECK(calls_of(r, program, world.processes[1].key.pid) == "+vfork_work -vfork_work=1 +vfork_work -vfork_work=2");
        CHECK(calls_of(r, program, world.processes[0].key.pid) ==
              "+main +vfork_work -vfork_work=3 +read_flags_register -read_flags_register=0 +run_echo");
    }
}

TEST_CASE("a program without functions is stepped through its own code, also from and back to libraries") {
    Address entry = 0;
    AddressRange own;
    std::size_t instructions = 0;
    LaunchCommand launch = finely({"/bin/true", "--version"}, Grain::instructions);
    const Run r = run(launch, [&](const Event& event, Observer& observer) {
        if (std::holds_alternative<ExecEvent>(event.detail)) {
            std::ifstream maps("/proc/" + std::to_string(event.process.pid) + "/maps");
            BreakpointPlan plan;
            for (std::string line; std::getline(maps, line);) {
                if (line.find("r-xp") != std::string::npos && line.find("/true") != std::string::npos) {
                    own = {std::strtoull(line.c_str(), nullptr, 16),
                           std::strtoull(line.c_str() + line.find('-') + 1, nullptr, 16)};
                    plan.own_code.push_back(own);
                }
            }
            std::ifstream words("/proc/" + std::to_string(event.process.pid) + "/auxv", std::ios::binary);
            std::array<std::uint64_t, 2> pair{};
            while (words.read(reinterpret_cast<char*>(pair.data()), sizeof pair) && pair[0] != AT_NULL) {
                entry = pair[0] == AT_ENTRY ? pair[1] : entry;
            }
            plan.entry = entry;
            CHECK(observer.send(BreakpointsCommand{event.process.pid, plan}));
        }
        if (const auto* step = std::get_if<InstructionEvent>(&event.detail)) {
            CHECK((instructions > 0 || step->program_counter_before == entry));
            CHECK(own.contains(step->program_counter_before));
            ++instructions;
        }
        if (event.waits) {
            CHECK(observer.send(ReleaseCommand{event.thread}));
        }
    });
    REQUIRE(r.ended);
    CHECK(entry != 0);
    CHECK(instructions > 100);
    CHECK(output_of(r.recording).starts_with("true (GNU coreutils)"));
    CHECK(status_of(r.recording) == 0);
}

TEST_CASE("the grain `none` lets running threads go, and one that is killed while it waits ends") {
    for (const bool kill_it : {false, true}) {
        const PlannedProgram program(fixture("grain_threads"));
        int seen = 0;
        const Run r =
            run_finely(finely({fixture("grain_threads")}, Grain::calls), &program, [&](const Event& event, Observer& observer) {
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

TEST_CASE("every sample program prints the same and ends the same at every grain") {
    const auto without_numbers = [](const std::string& text) {  // process numbers and addresses
        static const std::regex number("0x[0-9a-f]+|[0-9]+");
        return std::regex_replace(text, number, "N");
    };
    for (const std::string name : {"hello", "child", "fork_exec", "regions", "threads", "three_same"}) {
        std::multiset<std::string> expected;
        for (const Grain grain : {Grain::none, Grain::calls, Grain::lines, Grain::instructions}) {
            PlannedProgram program(sample(name));
            program.read_lines();
            std::size_t fine = 0;
            const Run r = run_finely(
                finely({sample(name)}, grain), grain == Grain::none ? nullptr : &program,
                [&](const Event& event, Observer&) { fine += std::holds_alternative<CallEvent>(event.detail) ? 1 : 0; });
            CAPTURE(name);
            CAPTURE(static_cast<int>(grain));
            REQUIRE(r.ended);
            CHECK((fine > 0) == (grain != Grain::none));
            CHECK(status_of(r.recording) == 0);
            std::multiset<std::string> lines;  // in any order: several processes print
            std::istringstream text(without_numbers(output_of(r.recording)));
            for (std::string line; std::getline(text, line);) {
                lines.insert(line);
            }
            if (grain == Grain::none) {
                expected = lines;
            }
            CHECK(lines == expected);
        }
    }
}
