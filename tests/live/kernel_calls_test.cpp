// System calls that few programs make: each does under us what it does without, and is told as what it is.
#include <doctest/doctest.h>
#include <signal.h>

#include <algorithm>
#include <chrono>
#include <string>

#include "core/model/common_pages.h"
#include "tests/live/live_support.h"

using namespace procatlas;
using namespace procatlas::live;

namespace {

Run calls(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), fixture("kernel_calls"));
    LaunchCommand launch = command(std::move(arguments));
    launch.pages = true;
    Run r = run(launch, {}, std::chrono::seconds(20));
    REQUIRE(r.ended);
    return r;
}

const ForkEvent& only_fork(const Run& r) {
    const auto forks = events_of<ForkEvent>(r.recording);
    REQUIRE(forks.size() == 1);
    return std::get<ForkEvent>(forks[0]->detail);
}

}  // namespace

TEST_CASE("a clone is told as what it does: whether the memory is one, and whether the parent waits") {
    const Run shared = calls({"clone_vm"});
    CHECK(only_fork(shared).kind == ForkKind::shared_memory);
    CHECK(output_of(shared.recording) == "counter 2\n");
    const Run waiting = calls({"clone_vfork"});
    CHECK(only_fork(waiting).kind == ForkKind::waiting_parent);
    CHECK(output_of(waiting.recording) == "counter 1\n");
    CHECK(only_fork(calls({"clone_both"})).kind == ForkKind::vfork);
}

TEST_CASE("nothing is copied between two processes that use one memory") {
    const Run shared = calls({"clone_vm"});
    for (const Event& event : shared.recording.events()) {
        CHECK(event.copied.empty());
    }
    const auto exits = events_of<ExitEvent>(shared.recording);
    REQUIRE(exits.size() == 2);
    const std::size_t before_exit = static_cast<std::size_t>(exits[0] - shared.recording.events().data()) - 1;
    const World world = shared.recording.world_at(before_exit);
    CHECK(memory_owner(world, 1) == 0);
    const CommonPages common(shared.recording, world, before_exit, 0, 1);
    const auto counts = common.in({0, std::numeric_limits<Address>::max() / 2}, false);
    CHECK(counts.copied == 0);
    CHECK(counts.shared > 0);

    const Run copied = calls({"clone_vfork"});
    CHECK(std::ranges::any_of(copied.recording.events(), [](const Event& event) { return !event.copied.empty(); }));
}

TEST_CASE("a clone that wants to escape its tracer is followed, and works as without one") {
    for (const char* way : {"untraced", "untraced3"}) {
        CAPTURE(way);
        const Run r = calls({way});
        CHECK(status_of(r.recording) == 0);
        CHECK(only_fork(r).kind == ForkKind::fork);
        CHECK(output_of(r.recording) == "still here\n");
        CHECK(events_of<GapEvent>(r.recording).empty());
    }
    const Run helper = calls({"clone_vm_silent"});
    CHECK(status_of(helper.recording) == 0);
    CHECK(only_fork(helper).kind == ForkKind::shared_memory);
    CHECK(output_of(helper.recording) == "counter 2\n");
}

TEST_CASE("a program's own seccomp filters mean what they mean without us") {
    const Run r = calls({"own_filter"});
    CHECK(output_of(r.recording) == "mode 0, privileges 0\nprivileges 1, added 0, munmap -1 38, getppid -1 38\n");
    CHECK(status_of(r.recording) == 0);
    const Run strict = calls({"strict"});
    CHECK(status_of(strict.recording) == 0);
    CHECK(output_of(strict.recording) == "strict\n");
    const Run broken = calls({"strict", "break"});
    CHECK(status_of(broken.recording) == 128 + SIGKILL);
    CHECK(output_of(broken.recording) == "strict\n");
}

TEST_CASE("a debugger in a traced program is refused, and it is said why") {
    const Run r = calls({"debugger"});
    CHECK(output_of(r.recording) == "-1 1\n");
    const auto notes = events_of<NoteEvent>(r.recording);
    const auto refused = std::ranges::find_if(
        notes, [](const Event* e) { return std::get<NoteEvent>(e->detail).code == NoteCode::debugger_refused; });
    REQUIRE(refused != notes.end());
    const auto& note = std::get<NoteEvent>((*refused)->detail);
    CHECK(note.text == std::to_string((*refused)->process.pid));
    CHECK(note.number == static_cast<std::uint64_t>(only_fork(r).child.pid));
}

TEST_CASE("32-bit system calls are followed") {
    const Run r = calls({"compat"});
    if (status_of(r.recording) == 77) {
        MESSAGE("not tested: this kernel has no 32-bit calls");
        return;
    }
    CHECK(output_of(r.recording) == "by int 0x80\n");
    const auto failed = events_of<ExecFailedEvent>(r.recording);
    REQUIRE(failed.size() == 1);
    CHECK(std::get<ExecFailedEvent>(failed[0]->detail).path == "/nowhere/at/all");
}

TEST_CASE("the first process of a PID namespace ends by its fault at once, and signals are from whom we know") {
    const Run r = calls({"namespace", "fault"});
    if (status_of(r.recording) == 77) {
        MESSAGE("not tested: no PID namespaces here");
        return;
    }
    CHECK(status_of(r.recording) == 0);
    CHECK(output_of(r.recording) == "11\n");
    const auto forks = events_of<ForkEvent>(r.recording);
    REQUIRE(forks.size() == 2);
    const auto exits = events_of<ExitEvent>(r.recording);
    REQUIRE(exits.size() == 3);
    CHECK(std::get<ExitEvent>(exits[0]->detail).signal == SIGSEGV);
    CHECK(exits[0]->process == std::get<ForkEvent>(forks[0]->detail).child);
    for (const Event* event : events_of<SignalEvent>(r.recording)) {
        const auto& signal = std::get<SignalEvent>(event->detail);
        if (signal.number == SIGUSR1) {
            CHECK(signal.sender_pid == std::get<ForkEvent>(forks[1]->detail).child.pid);
        }
    }
}

TEST_CASE("a program that sends signals to its parent does not end the observer") {
    const Run r = calls({"end_parent"});
    CHECK(output_of(r.recording) == "alive\n");
    CHECK(status_of(r.recording) == 4);
    CHECK(events_of<GapEvent>(r.recording).empty());
}
