#include "core/model/launcher.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "core/narrate/program_name.h"

using namespace procatlas;

namespace {

using Words = std::vector<std::string>;

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
