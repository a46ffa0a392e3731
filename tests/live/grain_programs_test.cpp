// What the finer grains must not change, in programs with threads, children, signals and traps of their own.
#include <doctest/doctest.h>
#include <elf.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>

#include "tests/live/grain_support.h"

using namespace procatlas;
using namespace procatlas::live;

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

TEST_CASE("a fork is followed in parent and child; programs run by vfork and exec do not notice the tracer") {
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

TEST_CASE("every grain reports the same calls and changes neither output nor exit status") {
    const Told calls = follow("grain_calls", {"nested", "sorts", "jumps", "signals", "30"});
    for (const Grain grain : {Grain::lines, Grain::instructions}) {
        const Told told = follow("grain_calls", {"nested", "sorts", "jumps", "signals", "30"}, grain);
        CAPTURE(static_cast<int>(grain));
        CHECK(without_values(told.calls) == without_values(calls.calls));
        CHECK(told.output == calls.output);
        CHECK(told.status == 7);
    }
}

TEST_CASE("unknown programs wait for inspection at their events, and are not changed") {
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

TEST_CASE("signals at any moment neither lose nor add calls, and interrupt no restartable system call") {
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

TEST_CASE("a program without functions is stepped through its own code, including calls to and from libraries") {
    Address entry = 0;
    AddressRange own;
    std::size_t instructions = 0;
    LaunchCommand launch = finely({"/bin/true", "--version"}, Grain::instructions);
    const Run r = run(launch, [&](const ObservedEvent& event, Observer& observer) {
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
            touch_code(event.process.pid, plan);
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
            const Run r = run_finely(finely({sample(name)}, grain), grain == Grain::none ? nullptr : &program,
                                     [&](const ObservedEvent& event, Observer&) {
                                         fine += std::holds_alternative<CallEvent>(event.detail) ? 1 : 0;
                                     });
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

TEST_CASE(
    "a program that runs copies of its own functions does what it does alone, and its own trap in such memory is its own") {
    const Ran alone = run_line(fixture("grain_copies"));
    REQUIRE(alone.status == 5);
    for (const Grain grain : all_grains) {
        const Told told = follow("grain_copies", {}, grain);
        CAPTURE(static_cast<int>(grain));
        CHECK(told.output == alone.output);
        CHECK(told.status == 5);
        CHECK(without_values(told.calls).starts_with("+main +after +twice -twice +add3 -add3 -after"));
    }
}

namespace {

struct Change {
    Told told;
    std::vector<GapCode> gaps;
};

// grain_changes, with its memory calls watched or not.
Change follow_change(const std::vector<std::string>& words, Grain grain, bool watch_memory) {
    PlannedProgram program(fixture("grain_changes"));
    program.read_lines();
    std::vector<std::string> arguments{fixture("grain_changes")};
    arguments.insert(arguments.end(), words.begin(), words.end());
    LaunchCommand launch = finely(arguments, grain);
    launch.watch_memory = watch_memory;
    const Run r = run_finely(launch, &program);
    REQUIRE(r.ended);
    Change change{{calls_of(r, program), output_of(r.recording), status_of(r.recording)}, {}};
    for (const Event* event : events_of<GapEvent>(r.recording)) {
        change.gaps.push_back(std::get<GapEvent>(event->detail).code);
    }
    return change;
}

}  // namespace

TEST_CASE("whoever changes its own code, so that calls are missing, is told to have done so; others are not") {
    for (const bool watch_memory : {true, false}) {
        for (const Grain grain : all_grains) {
            CAPTURE(watch_memory);
            CAPTURE(static_cast<int>(grain));
            for (const std::string way : {"map", "unmap", "move", "drop", "file", "write"}) {
                CAPTURE(way);
                const Ran alone = run_line(fixture("grain_changes") + " " + way);
                const Change change = follow_change({way}, grain, watch_memory);
                CHECK(change.told.output == alone.output);
                CHECK(change.told.status == 5);
                CHECK(change.gaps == std::vector{GapCode::code_changed});
                CHECK(follow_change({way, "exec"}, grain, watch_memory).gaps == std::vector{GapCode::code_changed});
            }
            for (const std::string way : {"copy", "protect", "library", "nothing"}) {
                CAPTURE(way);
                const Change change = follow_change({way}, grain, watch_memory);
                CHECK(change.gaps.empty());
                CHECK(change.told.output == "34\n");
                CHECK(without_values(change.told.calls) ==
                      "+main +times5 -times5 +change -change +times5 -times5 +plus1 -plus1 +times5 -times5 -main");
            }
        }
    }
}
