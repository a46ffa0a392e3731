#include <doctest/doctest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include "tests/live/live_support.h"
#include "tests/scratch_folder.h"

using namespace procatlas;
using namespace procatlas::live;

TEST_CASE("each of 2,000 children that exit at once is reported, with a map at its birth and at its exit") {
    const Run r = run(command({fixture("many_children"), "2000", "100"}));
    REQUIRE(r.ended);
    const auto forks = events_of<ForkEvent>(r.recording);
    const auto exits = events_of<ExitEvent>(r.recording);
    CHECK(forks.size() == 2000);
    CHECK(exits.size() == 2001);
    CHECK(events_of<ReapEvent>(r.recording).size() == 2001);
    CHECK(events_of<GapEvent>(r.recording).empty());
    CHECK(std::ranges::all_of(forks, [](const Event* e) { return e->mappings != 0 && e->child_mappings != 0; }));
    CHECK(std::ranges::all_of(exits, [](const Event* e) { return e->mappings != 0; }));
    std::set<ProcessKey> children;
    for (const Event* fork : forks) {
        children.insert(std::get<ForkEvent>(fork->detail).child);
    }
    CHECK(children.size() == 2000);
    CHECK(r.recording.last_world().alive_count() == 0);
}

TEST_CASE("an unprivileged user sees the same lifecycle events") {
    const auto status = status_unprivileged(fixture("many_children"), [] {
        const Run r = run(command({fixture("many_children"), "2000", "100"}));
        const auto exits = events_of<ExitEvent>(r.recording);
        const bool maps = std::ranges::all_of(exits, [](const Event* e) { return e->mappings != 0; });
        if (!r.ended || events_of<ForkEvent>(r.recording).size() != 2000 || exits.size() != 2001 || !maps) {
            return 1;
        }
        // passwd is set-user-ID root. Under procatlas it runs without that privilege, and procatlas says so.
        const Run passwd = run(command({"/usr/bin/passwd", "--help"}));
        const auto notes = events_of<NoteEvent>(passwd.recording);
        const auto dropped = [](const Event* e) { return std::get<NoteEvent>(e->detail).code == NoteCode::privilege_dropped; };
        return std::ranges::any_of(notes, dropped) ? 0 : 3;
    });
    CHECK(status.value_or(0) == 0);
}

TEST_CASE("a failed exec is reported with its reason, and then a successful one after vfork") {
    const Run r = run(command({fixture("vfork_exec")}));
    REQUIRE(r.ended);
    const auto forks = events_of<ForkEvent>(r.recording);
    REQUIRE(forks.size() == 1);
    CHECK(std::get<ForkEvent>(forks[0]->detail).kind == ForkKind::vfork);
    const auto failed = events_of<ExecFailedEvent>(r.recording);
    REQUIRE(failed.size() == 1);
    CHECK(std::get<ExecFailedEvent>(failed[0]->detail).path == "/nowhere/at/all");
    CHECK(std::get<ExecFailedEvent>(failed[0]->detail).error == ENOENT);
    const auto execs = events_of<ExecEvent>(r.recording);
    REQUIRE(execs.size() == 2);
    const auto& exec = std::get<ExecEvent>(execs[1]->detail);
    CHECK(exec.path.ends_with("/true"));
    CHECK(exec.arguments == std::vector<std::string>{"true"});
    CHECK(exec.mappings_before > 0);
    CHECK(exec.mappings_after == execs[1]->mappings);
    CHECK(status_of(r.recording) == 0);
}

TEST_CASE("an exec from a thread ends the others and keeps the process's number") {
    const Run r = run(command({fixture("exec_from_thread")}));
    REQUIRE(r.ended);
    const auto execs = events_of<ExecEvent>(r.recording);
    REQUIRE(execs.size() == 2);
    CHECK(std::get<ExecEvent>(execs[1]->detail).former_thread != 0);
    CHECK(execs[0]->process == execs[1]->process);
    CHECK(events_of<ThreadEvent>(r.recording).size() == 2);
    CHECK(events_of<ExitEvent>(r.recording).size() == 1);
    CHECK(output_of(r.recording) == "from a thread\n");
    CHECK(status_of(r.recording) == 0);
}

TEST_CASE("a process that ends or execs while its threads make threads is one process, and ends at once") {
    for (int i = 0; i < 5; ++i) {
        for (const bool exec : {false, true}) {
            const Run r = run(command(exec ? std::vector<std::string>{fixture("thread_makers"), "exec"}
                                           : std::vector<std::string>{fixture("thread_makers")}));
            REQUIRE(r.ended);
            CHECK(r.recording.last_world().processes.size() == 1);
            CHECK(status_of(r.recording) == (exec ? 0 : 6));
            CHECK(r.recording.last_world().alive_count() == 0);
        }
    }
}

TEST_CASE("a thread is told before what its maker does next") {
    for (int run_count = 0; run_count < 5; ++run_count) {
        const Run r = run(command({fixture("threads_in_order")}));
        REQUIRE(r.ended);
        CHECK(status_of(r.recording) == 0);
        int made = 0;
        int said = 0;
        for (const Event& event : r.recording.events()) {
            made += std::holds_alternative<ThreadEvent>(event.detail) ? 1 : 0;
            if (const auto* output = std::get_if<OutputEvent>(&event.detail); output && output->text != "\n") {
                CHECK(output->text.starts_with(std::to_string(said)));
                CHECK(made == ++said);
            }
        }
        CHECK(said == 10);
    }
}

TEST_CASE("a process whose leader has exited is reported with the status that wait returns, and with its memory") {
    const Run r = run(command({fixture("leader_leaves")}));
    REQUIRE(r.ended);
    CHECK(status_of(r.recording) == 5);
    const auto exits = events_of<ExitEvent>(r.recording);
    REQUIRE(exits.size() == 1);
    CHECK(exits[0]->mappings > 0);
}

TEST_CASE("a crash is reported with its signal, address and memory") {
    const Run r = run(command({fixture("crash")}));
    REQUIRE(r.ended);
    const auto signals = events_of<SignalEvent>(r.recording);
    REQUIRE(signals.size() == 1);
    CHECK(std::get<SignalEvent>(signals[0]->detail).number == SIGSEGV);
    CHECK(std::get<SignalEvent>(signals[0]->detail).address == 16);
    CHECK(status_of(r.recording) == 128 + SIGSEGV);
    CHECK(events_of<ExitEvent>(r.recording).at(0)->mappings > 0);
}

TEST_CASE("orphans are reported with their new parent, and a daemon outlives its parents") {
    const Run r = run(command({fixture("daemonise")}));
    REQUIRE(r.ended);
    const World& world = r.recording.last_world();
    REQUIRE(world.processes.size() == 3);
    const Process& daemon = world.processes[2];
    CHECK(daemon.orphan);
    CHECK(daemon.adopted_by_observer);
    CHECK(world.processes[*daemon.parent].key == world.processes[1].key);
    CHECK(output_of(r.recording, daemon.key) == "daemon\n");
    REQUIRE(daemon.reap);
    CHECK(daemon.reap->by == Reaper::observer);
}

TEST_CASE("a reap names its reaper: a parent that waits, or the kernel if the parent ignores SIGCHLD") {
    const Run waits = run(command({fixture("many_children"), "3", "1"}));
    REQUIRE(waits.ended);
    const World& world = waits.recording.last_world();
    for (std::size_t i = 1; i < world.processes.size(); ++i) {
        REQUIRE(world.processes[i].reap);
        CHECK(world.processes[i].reap->by == Reaper::parent);
        CHECK(world.processes[i].reaped_by_pid == world.processes[0].key.pid);
        CHECK(world.processes[i].exit->code == 7);
    }
    const Run ignores = run(command({fixture("ignores_children")}));
    REQUIRE(ignores.ended);
    REQUIRE(ignores.recording.last_world().processes.size() == 2);
    REQUIRE(ignores.recording.last_world().processes[1].reap);
    CHECK(ignores.recording.last_world().processes[1].reap->by == Reaper::kernel);
    CHECK(status_of(ignores.recording) == 0);
}

TEST_CASE("a process stopped and continued by job control is reported, and stays under job control") {
    const Run r = run(command({fixture("stops")}));
    REQUIRE(r.ended);
    REQUIRE(events_of<StopEvent>(r.recording).size() == 1);
    CHECK(std::get<StopEvent>(events_of<StopEvent>(r.recording)[0]->detail).signal == SIGSTOP);
    CHECK(events_of<ContinueEvent>(r.recording).size() == 1);
    CHECK(status_of(r.recording) == 0);
}

TEST_CASE("output is reported with its writer and stream, and memory calls with their effects") {
    const Run r = run(command({fixture("grows")}));
    REQUIRE(r.ended);
    const auto outputs = events_of<OutputEvent>(r.recording);
    REQUIRE(outputs.size() == 2);
    CHECK(std::get<OutputEvent>(outputs[0]->detail).text == "to 1\n");
    CHECK(std::get<OutputEvent>(outputs[0]->detail).stream == OutputStream::standard_output);
    CHECK(std::get<OutputEvent>(outputs[1]->detail).stream == OutputStream::standard_error);
    std::set<MemoryCall> calls;
    for (const Event* event : events_of<MemoryEvent>(r.recording)) {
        calls.insert(std::get<MemoryEvent>(event->detail).call);
    }
    CHECK(calls.size() == 5);
    CHECK(events_of<GapEvent>(r.recording).empty());
}

TEST_CASE("a program gets descriptors 0, 1 and 2 and no other") {
    const int extra = ::memfd_create("not for children", 0);  // without close-on-exec, as a careless library might do
    const Run r = run(command({fixture("descriptors")}));
    ::close(extra);
    REQUIRE(r.ended);
    CHECK(output_of(r.recording) == "0 1 2 \n");
}

TEST_CASE("a command is the first file in PATH that can be executed, and a script without #! is one for the shell") {
    const ScratchFolder folder;
    for (const char* name : {"folder", "plain", "real"}) {
        std::filesystem::create_directory(folder / name);
    }
    std::filesystem::create_directory(folder / "folder/wanted");
    std::ofstream(folder / "plain/wanted") << "echo wrong\n";
    std::ofstream(folder / "real/wanted") << "echo right $1; exit 3\n";
    std::filesystem::permissions(folder / "real/wanted", std::filesystem::perms::owner_all);
    LaunchCommand launch = command({"wanted", "argument"});
    launch.environment = {"PATH=" + folder.path("missing") + ":" + folder.path("folder") + ":plain:real:/usr/bin:/bin"};
    launch.working_folder = folder.path("");
    const Run r = run(launch);
    REQUIRE(r.ended);
    CHECK(output_of(r.recording) == "right argument\n");
    CHECK(status_of(r.recording) == 3);
}

TEST_CASE("a command that cannot be started says why") {
    const Run missing = run(command({"no-such-command-anywhere"}));
    REQUIRE(missing.ended);
    const auto notes = events_of<NoteEvent>(missing.recording);
    REQUIRE(!notes.empty());
    CHECK(std::get<NoteEvent>(notes[0]->detail).code == NoteCode::launch_failed);
    CHECK(std::get<NoteEvent>(notes[0]->detail).text.find("no-such-command-anywhere") != std::string::npos);

    LaunchCommand launch = command({"true"});
    launch.working_folder = "/no/such/folder";
    const Run nowhere = run(launch);
    REQUIRE(nowhere.ended);
    const auto why = events_of<NoteEvent>(nowhere.recording);
    REQUIRE(!why.empty());
    CHECK(std::get<NoteEvent>(why[0]->detail).code == NoteCode::launch_failed);
}
