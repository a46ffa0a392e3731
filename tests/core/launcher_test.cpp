#include "core/model/launcher.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "core/layout/timeline/layout_timeline.h"
#include "core/layout/tree/layout_tree.h"
#include "core/model/world.h"
#include "core/narrate/program_name.h"
#include "tests/core/layout_support.h"

using namespace procatlas;

namespace {

using Words = std::vector<std::string>;

Event told_by(std::int32_t pid, EventDetail detail) {
    Event event;
    event.process = {pid, 1};
    event.thread = pid;
    event.detail = std::move(detail);
    return event;
}

ForkEvent fork_by_launcher(std::int32_t child) {
    return {.kind = ForkKind::fork, .child = {child, 1}, .child_parent_pid = 10};
}

// `python3 mine.py` of pyenv: a script that makes two processes and then executes the interpreter, whose program makes a third.
World launched() {
    World world;
    apply(world, told_by(10, StartEvent{1, Words{"python3", "mine.py"}, "/"}));
    apply(world, told_by(10, ExecEvent{.path = "/bin/bash", .arguments = Words{"bash", "/shims/python3", "mine.py"}}));
    for (const std::int32_t helper : {11, 12}) {
        apply(world, told_by(10, fork_by_launcher(helper)));
        apply(world, told_by(helper, ExitEvent{.code = 0, .signal = {}}));
    }
    apply(world, told_by(10, ExecEvent{.path = "/usr/bin/python3.11", .arguments = Words{"/usr/bin/python3.11", "mine.py"}}));
    apply(world, told_by(10, fork_by_launcher(13)));
    return world;
}

}  // namespace

TEST_CASE("a launcher's program is the one that the command names, whatever stands before it") {
    CHECK(continues_command(Words{"python3", "mine.py", "3"}, Words{"/usr/bin/python3.11", "mine.py", "3"}));
    CHECK(continues_command(Words{"env", "A=1", "python3", "mine.py"}, Words{"python3", "mine.py"}));
    CHECK(continues_command(Words{"nice", "-n", "5", "./a.out"}, Words{"./a.out"}));
    CHECK(continues_command(Words{"bash", "-c", "python3 mine.py"}, Words{"python3", "mine.py"}));
    CHECK(continues_command(Words{"sh", "-c", "exec ./a.out x"}, Words{"./a.out", "x"}));
    CHECK(continues_command(Words{"./start", "x"}, Words{"/bin/sh", "./start", "x"}));
    CHECK(continues_command(Words{"/shims/make"}, Words{"/usr/bin/make"}));
}

TEST_CASE("another program is not the one that the command names") {
    CHECK(!continues_command(Words{"./exec_same_pid"}, Words{"/bin/echo", "hello"}));
    CHECK(!continues_command(Words{"bash", "-c", "date; ls"}, Words{"ls"}));
    CHECK(!continues_command(Words{"bash", "-c", "ls | wc"}, Words{"wc"}));
    CHECK(!continues_command(Words{"bash", "-c", "echo $(ls)"}, Words{"ls"}));
    CHECK(!continues_command(Words{"python3", "mine.py"}, Words{"python3", "other.py"}));
    CHECK(!continues_command(Words{}, Words{"ls"}));
    CHECK(!continues_command(Words{"ls"}, Words{}));
    CHECK(!continues_command(Words{"bash", "-c"}, Words{"ls"}));
}

TEST_CASE("a process is called by its script, as a student would") {
    CHECK(program_name("/usr/bin/python3.11", Words{"python3", "-u", "code/mine.py", "3"}) == "mine.py");
    CHECK(program_name("/usr/bin/python3.11", Words{"python3", "-W", "ignore", "-Xdev", "mine.py"}) == "mine.py");
    CHECK(program_name("/usr/bin/python3.11", Words{"python3"}) == "python3.11");
    CHECK(program_name("job/7 of 9", Words{}) == "job/7 of 9");  // no path: a name that the kernel keeps
    CHECK(program_name("/usr/bin/python3.11", Words{"python3", "-"}) == "python3.11");
    CHECK(program_name("/usr/bin/python3.11", Words{"python3", "-m", "http.server", "80"}) == "python3.11 -m http.server");
    CHECK(program_name("/usr/bin/python3.11", Words{"python3", "-c", "print(1)"}) == "python3.11 -c print(1)");
    CHECK(program_name("/usr/bin/python3.11", Words{"python3", "-sBcprint(1)"}) == "python3.11 -c print(1)");
    CHECK(program_name("/bin/bash", Words{"bash", "-e", "run.sh"}) == "run.sh");
    CHECK(program_name("/bin/bash", Words{"bash", "-o", "pipefail", "run.sh"}) == "run.sh");
    CHECK(program_name("/bin/dash", Words{"/bin/sh", "./run"}) == "run");
    CHECK(program_name("/usr/bin/perl", Words{"perl", "-w", "tree.pl"}) == "tree.pl");
    CHECK(program_name("/usr/bin/pythonista", Words{"pythonista", "mine.py"}) == "pythonista");
    CHECK(program_name("/bin/ls", Words{"ls", "mine.py"}) == "ls");
    CHECK(program_name("", Words{}) == "");
}

TEST_CASE("the helpers of Python's multiprocessing are called by what they do") {
    const auto helper = [](const std::string& text) {
        return program_name("/usr/bin/python3.11", Words{"/usr/bin/python3", "-c", text, "--multiprocessing-fork"});
    };
    CHECK(helper("from multiprocessing.resource_tracker import main;main(5)") == "resource_tracker");
    CHECK(helper("from multiprocessing.forkserver import main; main(6, 7, [])") == "forkserver");
    CHECK(helper("from multiprocessing.spawn import spawn_main; spawn_main(tracker_fd=5)") == "spawn");
}

TEST_CASE("what a hostile program calls itself is safe to show, and short") {
    const std::string name = program_name("/usr/bin/python3", Words{"python3", "-c", "\x1b[2J" + std::string(100'000, 'x')});
    CHECK(name.size() < 200);
    CHECK(name.find('\x1b') == std::string::npos);
}

TEST_CASE("what a launcher made is one row of the tree, until it is opened, and has no lane and no column") {
    const World world = launched();
    CHECK(world.launcher_processes == 2);
    CHECK(world.program_moment == 6);
    const ShownProcesses shown(world, world, {});
    CHECK(first_and_youngest(shown, 4) == std::vector<std::size_t>{0, 3});

    const TreeScene folded = layout_tree(world, {}, words_of("en"), FixedMeasure());
    CHECK(folded.order == std::vector<std::size_t>{0, 3});
    CHECK(std::ranges::count(folded.scene.labels, "▸ the launcher: 2 processes", &SceneLabel::text) == 1);
    CHECK(std::ranges::count(folded.scene.labels, "mine.py", &SceneLabel::text) == 2);

    TreeView view;
    view.choice.launcher_open = true;
    const TreeScene open = layout_tree(world, view, words_of("en"), FixedMeasure());
    CHECK(open.order == std::vector<std::size_t>{0, 1, 2, 3});

    CHECK(shown.lane_of(0) == 0);
    CHECK(!shown.lane_of(2));
    CHECK(shown.lane_of(3) == 1);
    CHECK(ShownProcesses(world, world, view.choice).lane_of(3) == 3);
}
