// What procatlas's hook leaves as it is in a Python program, and what it says where it cannot tell.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/live/cli_support.h"
#include "tests/live/live_support.h"
#include "tests/live/python_support.h"
#include "tests/scratch_folder.h"

namespace procatlas {

TEST_CASE("with and without the finer grains a Python program prints and ends alike") {
    const ScratchFolder folder;
    const std::vector<std::string> programs{
        "import os, sys\nprint(sorted(os.environ), sys.path, sorted(sys.modules), sys.argv)\n",
        "def f(n):\n    return g(n)\ndef g(n):\n    raise KeyError(n)\nf(3)\n",
        "import sys\nsys.exit(7)\n",
        "import asyncio\nasync def main():\n    await asyncio.sleep(0)\n    return 5\nprint(asyncio.run(main()))\n",
        "import subprocess, sys\nprint(subprocess.run([sys.executable, '-c', 'print(6 * 7)'], capture_output=True).stdout)\n",
        "import os, sys\nif len(sys.argv) == 1:\n    os.execv(sys.executable, [sys.executable, __file__, "
        "'again'])\nprint(sys.argv[1])\n",
        "import os\nimport threading\ndef child():\n    pid = os.fork()\n    if pid == 0:\n        os._exit(3)\n"
        "    print(os.waitpid(pid, 0)[1] >> 8)\nt = threading.Thread(target=child)\nt.start()\nt.join()\n",
        "class Odd:\n    def __repr__(self):\n        print('repr')\n        return 'odd'\n    def __eq__(self, other):\n"
        "        print('eq')\n        return True\n    def __hash__(self):\n        print('hash')\n        return 1\n"
        "    def __getattribute__(self, name):\n        print('get', name)\n        return object.__getattribute__(self, "
        "name)\n"
        "    @property\n    def x(self):\n        print('x')\nodd = Odd()\nmany = [odd, odd]\ndef f(o):\n    return "
        "1\nf(odd)\n",
        "import unittest\nclass T(unittest.TestCase):\n    def test_one(self):\n        self.assertEqual(1, 1)\n"
        "if __name__ == '__main__':\n    unittest.main(verbosity=0, exit=False)\n    print('end')\n",
        "import nothing_of_that_name\n",
        "def f():\n    exec('a = 1')\n    b = 2\n    locals()['y'] = 5\n    print(sorted(locals()))\n    print(eval('a'), "
        "locals().get('y'))\n"
        "f()\n",
        "import builtins, marshal, os, posix\nbuiltins.type = lambda x: int\nbuiltins.len = lambda x: 9\n"
        "builtins.OSError = builtins.tuple = builtins.id = builtins.dict = None\nposix.write = marshal.dumps = None\n"
        "def f(a):\n    b = [a, a]\n    return b\nprint(f(2))\n",
        "class G(dict):\n    def get(self, *a):\n        print('get')\n        return dict.get(self, *a)\n    def "
        "items(self):\n"
        "        print('items')\n        return dict.items(self)\nclass K:\n    def __hash__(self):\n        return "
        "hash('__name__')\n"
        "    def __eq__(self, other):\n        print('eq')\n        return False\nclass I(int):\n    def __repr__(self):\n"
        "        print('repr')\n        return 'I'\n"
        "exec(compile('x = 1\\ny = 2\\n', __file__, 'exec'), G(__name__='m'))\nglobals()[K()] = 1\nr = "
        "range(I(5))\nprint('end')\n",
        "import sys\nsys.setrecursionlimit(150)\ndepth = 0\ndef f():\n    global depth\n    depth += 1\n    f()\ntry:\n    "
        "f()\nexcept RecursionError as e:\n    "
        "print(depth, e)\n"
        "f()\n",
    };
    for (const std::string& program : programs) {
        CAPTURE(program);
        const std::string script = write_file(folder, "mine.py", program);
        // Both on a terminal of procatlas, in the same environment.
        const Ran plain = run_procatlas("trace --json --grain lifecycle -- " + python + " " + script + " </dev/null");
        const Ran fine = run_procatlas("trace --json --grain lines -- " + python + " " + script + " </dev/null");
        CHECK(plain.status == fine.status);
        const auto without_time = [](std::string text) { return text.substr(0, text.find(" in 0.")); };
        CHECK(without_time(output_of_process(json::parse(plain.output, nullptr, false))) ==
              without_time(output_of_process(json::parse(fine.output, nullptr, false))));
    }
}

TEST_CASE("a recursion without end is told until near the limit, and what comes after it") {
    const ScratchFolder folder;
    const json trace = trace_python(write_file(folder, "mine.py", R"py(
import sys
sys.setrecursionlimit(150)
def f(n):
    return f(n + 1)
def after():
    return 1
try:
    f(0)
except RecursionError:
    pass
after()
)py"),
                                    "calls");
    const auto steps = steps_of(trace);
    CHECK(std::ranges::count(steps, "call f:4") > 80);
    CHECK(std::ranges::count(steps, "call after:6") == 1);
    const auto gaps =
        std::ranges::count_if(trace["events"], [](const json& e) { return e.value("gap", "") == "python_not_told"; });
    CHECK(gaps == 1);
}

TEST_CASE("where a Python program traces itself, ours steps back and says so") {
    const ScratchFolder folder;
    const std::string script = write_file(folder, "mine.py", R"py(
import sys
seen = []
def mine(frame, event, argument):
    seen.append(event)
    return mine
def f():
    x = 1
    return x
sys.settrace(mine)
f()
sys.settrace(None)
print(seen)
)py");
    const json trace = trace_python(script);
    CHECK(output_of_process(trace) == "['call', 'line', 'line', 'return']\n");
    const bool own =
        std::ranges::any_of(trace["events"], [](const json& e) { return e.value("gap", "") == "python_not_told"; });
    const bool monitors = run_line(python + " -c 'import sys; print(sys.version_info >= (3, 12))'").output == "True\n";
    CHECK(own != monitors);  // sys.monitoring has room for both
}

TEST_CASE("where a Python program takes the trace function away, what is missing is said") {
    const ScratchFolder folder;
    const json trace =
        trace_python(write_file(folder, "mine.py", "import sys\ndef f():\n    return 1\nf()\nsys.settrace(None)\nf()\n"));
    const auto calls = std::ranges::count_if(trace["events"], [](const json& event) {
        return is_told_by_python(event) && event["kind"] == "call" && event["frames"][0]["function"] == "f";
    });
    const auto gaps =
        std::ranges::count_if(trace["events"], [](const json& e) { return e.value("gap", "") == "python_not_told"; });
    CHECK(calls + gaps == 2);  // before 3.12 one call and the gap; sys.monitoring tells both
}

TEST_CASE("options that leave the hook out leave the coarser grains, and say so") {
    const ScratchFolder folder;
    const std::string script = write_file(folder, "mine.py", "print(1)\n");
    for (const std::string option : {"-I", "-E", "-S"}) {
        const json trace = trace_python(option + " " + script);
        CHECK(output_of_process(trace) == "1\n");
        CHECK(steps_of(trace).empty());
        const bool said = std::ranges::any_of(trace["events"], [&](const json& e) {
            return e["kind"] == "exec" && e.value("not_available", "").find(option) != std::string::npos;
        });
        CHECK(said);
    }
}

TEST_CASE("an environment that has lost the hook leaves the coarser grains, and says so") {
    const ScratchFolder folder;
    const std::string script = write_file(folder, "mine.py", "print(1)\n");
    for (const char* launcher : {"env -i ", "env PYTHONPATH=/nowhere ", "env -u PYTHONPATH "}) {
        const json trace = trace_python(script, "lines", launcher + python);
        CHECK(output_of_process(trace) == "1\n");
        CHECK(steps_of(trace).empty());
        const bool said = std::ranges::any_of(trace["events"], [&](const json& e) {
            return e["kind"] == "exec" && e.value("not_available", "").find("PYTHONPATH was changed or removed") == 0;
        });
        CHECK(said);
    }
}

TEST_CASE("whoever floods the descriptor of messages, or says nonsense there, disturbs nothing else") {
    const ScratchFolder folder;
    const json trace = trace_python(write_file(folder, "mine.py", R"py(
import os
for text in (b"", b"x", b"procatlas1", b"procatlas1c\xff\xff", b"procatlas1l\x01\0abcdefgh(", b"procatlas1c\0\0(N", b"procatlas1c\0\0N" * 9000):
    for _ in range(50):
        try:
            os.write(1 << 28, text)
        except OSError as error:
            code = error.errno
print(code)
)py"),
                                    "calls");
    CHECK(output_of_process(trace) == "9\n");
    const auto gaps = std::ranges::count_if(trace["events"], [](const json& e) { return e["kind"] == "gap"; });
    CHECK(gaps == 1);
}

TEST_CASE("what a program says of its processes is not believed beyond what it can be") {
    const ScratchFolder folder;
    const json trace = trace_python(write_file(folder, "mine.py", R"py(
import os
for message in (b"m", b"m" + bytes(10), b"p" + bytes(10) + b"nonsense 9", b"m" + bytes(10) + b"\x1b[2J" * 1000):
    try:
        os.write(1 << 28, b"procatlas1" + message)
    except OSError:
        pass
print("end")
)py"));
    CHECK(output_of_process(trace) == "end\n");
    std::vector<std::string> texts;
    for (const json& event : trace["events"]) {
        if (event.value("note", "").starts_with("child_")) {
            texts.push_back(event["text"]);
        }
    }
    REQUIRE(texts.size() == 2);  // those without a text say nothing
    CHECK(texts[0] == "nonsense 9");
    CHECK(texts[1].size() == 200);
}

TEST_CASE("the hook keeps to the syntax of Python 3.8") {
    int files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(PROCATLAS_SOURCE_DIR "/assets/python")) {
        const Ran ran = run_line(python + " -c 'import ast; ast.parse(open(\"" + entry.path().string() +
                                 "\").read(), feature_version=(3, 8)); print(\"fine\")'");
        CHECK(ran.output == "fine\n");
        ++files;
    }
    CHECK(files > 5);
}

TEST_CASE("every name that the hook uses is bound: most machines have but one of the two ways to listen") {
    const ScratchFolder folder;
    const std::string script = write_file(folder, "names.py", R"py(
import builtins, pathlib, sys, symtable
def unbound(table, known):
    for symbol in table.get_symbols():
        if symbol.is_global() and symbol.is_referenced() and symbol.get_name() not in known:
            print(table.get_name(), symbol.get_name())
    for child in table.get_children():
        unbound(child, known)
for file in pathlib.Path(sys.argv[1]).glob("*.py"):
    table = symtable.symtable(file.read_text(), str(file), "exec")
    unbound(table, {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()} | set(dir(builtins)) | {"__file__"})
print("end")
)py");
    CHECK(run_line(python + " " + script + " " PROCATLAS_SOURCE_DIR "/assets/python").output == "end\n");
}

// What it printed at that grain. The command may have quotes of one kind: "".
std::string printed_at(const std::string& grain, const std::string& command) {
    const Ran ran = run_procatlas("trace --json --grain " + grain + " -- sh -c '" + command + "' </dev/null");
    return std::to_string(ran.status) + output_of_process(json::parse(ran.output, nullptr, false));
}

TEST_CASE("under pdb a Python program prints the same with and without the finer grains") {
    const ScratchFolder folder;
    const std::string script = write_file(folder, "mine.py", "def f(n):\n    return n + 1\nx = f(1)\nprint(x)\n");
    const std::string commands = write_file(folder, "commands", "step\nnext\nstep\nwhere\ncontinue\nquit\n");
    const std::string line = python + " -m pdb " + script + " <" + commands;
    CHECK(printed_at("lines", line) == printed_at("lifecycle", line));
}

TEST_CASE("coverage sees the same of a Python program with and without the finer grains") {
    if (run_line(python + " -c 'import coverage'").status != 0) {
        MESSAGE("not tested: coverage is not installed");
        return;
    }
    const ScratchFolder folder;
    write_file(folder, "mine.py", "def f(n):\n    return n + 1\nx = f(1)\nif x > 2:\n    print(x)\n");
    const std::string here = "cd " + folder.path().string() + " && " + python + " -m coverage ";
    std::string seen;
    for (const std::string grain : {"lifecycle", "lines"}) {
        CHECK(printed_at(grain, here + "run --data-file=told mine.py") == "0");
        const std::string report = run_line("(" + here + "report --data-file=told)").output;
        CHECK(report.contains("80%"));
        CHECK((seen.empty() || seen == report));
        seen = report;
    }
}

}  // namespace procatlas
