#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/explore/compare.h"
#include "tests/support/event_of.h"

using namespace procatlas;

namespace {

// A run of a parent (`pid`) and its child (the next number), whose events come in this order: "P" or "C" prints its own line.
Recording family_run(std::int32_t pid, const std::string& order, const std::string& by_child) {
    Recording recording;
    const std::int32_t parent = pid;
    const std::int32_t child = pid + 1;
    recording.append(event_of(parent, StartEvent{1, {"./a"}, "/"}));
    recording.append(event_of(parent, ExecEvent{"/a", {"./a"}, false, 0, 0, 0}));
    recording.append(event_of(parent, ForkEvent{ForkKind::fork, {child, static_cast<std::uint64_t>(child)}, pid, false}));
    for (const char who : order) {
        const std::string text = who == 'P' ? "my child is " + std::to_string(pid + 1) + "\n" : by_child;
        recording.append(event_of(who == 'P' ? parent : child, OutputEvent{OutputStream::standard_output, text, text.size()}));
    }
    recording.append(event_of(child, ExitEvent{0, std::nullopt, false}));
    recording.append(event_of(parent, ExitEvent{0, std::nullopt, false}));
    return recording;
}

}  // namespace

TEST_CASE("two runs that differ in PIDs and addresses did the same") {
    const Comparison same =
        compare_recordings(family_run(10, "PC", "at 0x7ffc12345678\n"), family_run(10, "PC", "at 0x7ffc12345678\n"));
    CHECK(same.all == Sameness::equal);
    CHECK_FALSE(same.parts_at);
    const Comparison chance =
        compare_recordings(family_run(10, "PC", "at 0x7ffc12345678\n"), family_run(70, "PC", "at 0x7ffd00000000\n"));
    CHECK(chance.all == Sameness::chance);
    CHECK(chance.output == Sameness::chance);
    CHECK(chance.order == Sameness::equal);
    REQUIRE(chance.processes.size() == 2);
    CHECK(chance.processes[1].name == "C1");
    CHECK(chance.processes[1].pids == std::pair(11, 71));
    CHECK(chance.processes[1].output == Sameness::chance);
}

TEST_CASE("another order of different processes is chance, and the moment where it begins is told") {
    const Comparison order = compare_recordings(family_run(10, "PC", "c\n"), family_run(10, "CP", "c\n"));
    CHECK(order.all == Sameness::chance);
    CHECK(order.order == Sameness::chance);
    CHECK(order.output == Sameness::chance);
    CHECK(order.parts_at == std::pair<std::size_t, std::size_t>(3, 3));
    CHECK(order.together == std::vector<std::pair<std::size_t, std::size_t>>{{0, 0}, {1, 1}, {2, 2}});
    for (const ComparedProcess& process : order.processes) {
        CHECK(process.events == Sameness::equal);
    }
}

TEST_CASE("what a program decides otherwise is different") {
    const Comparison text = compare_recordings(family_run(10, "PC", "1\n"), family_run(10, "PC", "2\n"));
    CHECK(text.all == Sameness::different);
    CHECK(text.processes[0].events == Sameness::equal);
    CHECK(text.processes[1].output == Sameness::different);
    CHECK(text.order == Sameness::different);
    CHECK(text.parts_at == std::pair<std::size_t, std::size_t>(4, 4));
}

TEST_CASE("whose memory call comes first decides nothing, what a process maps does") {
    const auto run = [](std::int32_t first, std::int32_t second, std::uint64_t length) {
        Recording recording;
        recording.append(event_of(10, StartEvent{1, {"./a"}, "/"}));
        recording.append(event_of(10, ExecEvent{"/a", {"./a"}, false, 0, 0, 0}));
        recording.append(event_of(10, ForkEvent{ForkKind::fork, {11, 11}, 10, false}));
        for (const std::int32_t who : {first, second}) {
            MemoryEvent memory;
            memory.length = length;
            recording.append(event_of(who, memory));
        }
        recording.append(event_of(11, ExitEvent{0, std::nullopt, false}));
        return recording;
    };
    const Comparison order = compare_recordings(run(10, 11, 4096), run(11, 10, 4096));
    CHECK(order.order == Sameness::equal);
    CHECK(!order.parts_at);
    CHECK(order.together.size() == 4);
    CHECK(compare_recordings(run(10, 11, 4096), run(10, 11, 8192)).parts_at == std::pair<std::size_t, std::size_t>(3, 3));
}
