#include "core/observe/linux/trace/exits.h"

#include <doctest/doctest.h>
#include <signal.h>

#include "core/observe/linux/trace/executed_program.h"
#include "tests/core/observe_support.h"

using namespace procatlas;
using namespace procatlas::observing;

TEST_CASE("an exit has a code or a signal, and a core dump only with a signal") {
    CHECK(exit_event(exit_status(3)) == ExitEvent{3, std::nullopt, false});
    CHECK(exit_event(WaitStatus(SIGABRT | 0x80)) == ExitEvent{std::nullopt, SIGABRT, true});
}

TEST_CASE("Exits: the last thread of a process reports its exit with the map, the others only their own end") {
    IdleChild child;
    Parts parts;
    TracedThread& leader = parts.stopped_first(child.pid());
    TracedThread& other = parts.lineage.add_thread(child.pid() + 1, leader);
    other.life = ThreadLife::living;
    const auto end = parts.exits.gather_exit_stop(other, exit_status(0));
    REQUIRE(end);
    CHECK(std::holds_alternative<ThreadExitEvent>(end->event.detail));
    CHECK(end->event_class == EventClass::passing);
    const auto exit = parts.exits.gather_exit_stop(leader, exit_status(4));
    REQUIRE(exit);
    CHECK(std::get<ExitEvent>(exit->event.detail).code == 4);
    CHECK(exit->memory != nullptr);
    CHECK(parts.tracees.alive() == 0);
}

TEST_CASE("if the leader ended earlier with another status, the exit is reported once waitpid tells the status") {
    IdleChild child;
    Parts parts;
    TracedThread& leader = parts.stopped_first(child.pid());
    TracedThread& other = parts.lineage.add_thread(child.pid() + 1, leader);
    other.life = ThreadLife::living;
    CHECK(parts.exits.gather_exit_stop(leader, exit_status(0)));
    CHECK_FALSE(parts.exits.gather_exit_stop(other, exit_status(5)));
    CHECK(parts.tracees.alive() == 1);
    parts.exits.tell_process_end(*leader.process, exit_status(5));
    parts.exits.tell_process_end(*leader.process, exit_status(5));  // reported only once
    const auto exits = details_of<ExitEvent>(parts.take_events());
    REQUIRE(exits.size() == 1);
    CHECK(exits[0].code == 5);
}

TEST_CASE("a thread killed before its first stop is reported as begun and ended") {
    IdleChild child;
    Parts parts;
    TracedThread& leader = parts.stopped_first(child.pid());
    parts.exits.tell_thread_end(parts.lineage.add_thread(child.pid() + 1, leader));
    const auto events = parts.take_events();
    CHECK(details_of<ThreadEvent>(events).size() == 1);
    CHECK(details_of<ThreadExitEvent>(events).size() == 1);
    CHECK(leader.process->threads == 1);
}

TEST_CASE("the arguments of a program are split at their ends, including empty and truncated ones") {
    using namespace std::string_literals;
    CHECK(split_arguments("a\0\0b c\0"s) == std::vector<std::string>{"a", "", "b c"});
    CHECK(split_arguments("a\0cut"s) == std::vector<std::string>{"a", "cut"});
    CHECK(split_arguments("").empty());
}

TEST_CASE("an exec is reported with the program, its arguments and its map") {
    IdleChild child;
    Parts parts;
    TracedThread& leader = parts.stopped_first(child.pid());
    leader.process->mappings_before_exec = 9;
    const Gathered gathered = gather_exec(parts.gatherer, leader, child.pid() + 1);
    const auto& exec = std::get<ExecEvent>(gathered.event.detail);
    CHECK(exec.path.find("core_tests") != std::string::npos);
    REQUIRE_FALSE(exec.arguments.empty());
    CHECK(exec.mappings_before == 9);
    CHECK(exec.mappings_after > 5);
    CHECK(exec.former_thread == child.pid() + 1);
    CHECK(gathered.afterwards == nullptr);
}
