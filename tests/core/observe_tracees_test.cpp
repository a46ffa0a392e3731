#include "core/observe/linux/trace/tracees.h"

#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>

#include "tests/core/observe_support.h"

using namespace procatlas;
using namespace procatlas::observing;

TEST_CASE("Tracees: a process is found by its number, counts as its parent's child, and lives until its exit is reported") {
    Tracees tracees;
    TracedProcess& parent = tracees.add_process({10, 1}, 1);
    parent.memory_line = 7;
    TracedProcess& child = tracees.add_process({11, 2}, 10);
    CHECK(tracees.find_process(11) == &child);
    CHECK(parent.children == std::set<pid_t>{11});
    CHECK(child.memory_line == 7);
    CHECK(tracees.alive() == 2);
    tracees.mark_exit_told(child);
    CHECK(tracees.alive() == 1);
    CHECK_FALSE(child.is_dead());
    tracees.remove_process(11);
    CHECK(tracees.find_process(11) == nullptr);
}

TEST_CASE("removing a process removes its threads, except the one to keep") {
    Tracees tracees;
    TracedProcess& one = tracees.add_process({10, 1}, 1);
    TracedProcess& other = tracees.add_process({20, 1}, 1);
    CHECK(tracees.add_thread(10, one).is_leader());
    CHECK_FALSE(tracees.add_thread(11, one).is_leader());
    tracees.add_thread(20, other);
    tracees.remove_threads_of(one, 10);
    CHECK(tracees.find_thread(10) != nullptr);
    CHECK(tracees.find_thread(11) == nullptr);
    CHECK(tracees.find_thread(20) != nullptr);
    tracees.remove_threads_of(one);
    CHECK(tracees.find_thread(10) == nullptr);
}

TEST_CASE("a reused thread number starts as an unknown thread") {
    Tracees tracees;
    TracedProcess& process = tracees.add_process({10, 1}, 1);
    tracees.add_thread(10, process).signal = SIGUSR1;
    CHECK(tracees.add_thread(10, process).signal == 0);
}

TEST_CASE("early stops are found by their parent, and count as late if it died or they waited too long") {
    Tracees tracees;
    tracees.add_process({10, 1}, 1);
    tracees.add_early(11, {stop_status(SIGTRAP), 11, 10, 500});
    tracees.add_early(12, {stop_status(SIGTRAP), 10, 1, 500});  // a thread of it
    tracees.add_early(21, {stop_status(SIGTRAP), 21, 20, 900});
    auto of_parent = tracees.early_of(10);
    std::ranges::sort(of_parent);
    CHECK(of_parent == std::vector<pid_t>{11, 12});
    CHECK(tracees.early_and_late(500).empty());
    CHECK(tracees.early_and_late(501).size() == 2);
    tracees.find_process(10)->life = ProcessLife::zombie;
    CHECK(tracees.early_and_late(500) == std::vector<pid_t>{11});
    REQUIRE(tracees.take_early(21));
    CHECK_FALSE(tracees.take_early(21));
}

TEST_CASE("a signal to all reaches processes and early children, but none that has died") {
    IdleChild living;
    IdleChild early;
    IdleChild dead;  // dead only according to the table
    Tracees tracees;
    tracees.add_process({living.pid(), 1}, 1);
    tracees.add_process({dead.pid(), 1}, 1).life = ProcessLife::zombie;
    tracees.add_early(early.pid(), {stop_status(SIGTRAP), early.pid(), 1, 0});
    tracees.signal_all(SIGTERM);
    CHECK(living.wait().signal() == SIGTERM);
    CHECK(early.wait().signal() == SIGTERM);
    ::kill(dead.pid(), SIGUSR1);
    CHECK(dead.wait().signal() == SIGUSR1);
}
