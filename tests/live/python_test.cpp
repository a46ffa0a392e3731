// Functions, lines and objects of Python programs, as `procatlas trace --grain lines --json` tells them.
#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/live/cli_support.h"
#include "tests/live/live_support.h"
#include "tests/live/python_support.h"
#include "tests/scratch_folder.h"

namespace procatlas {
namespace {

const json* object_named(const json& event, const std::string& address) {
    for (const json& object : event["objects"]) {
        if (object["address"] == address) {
            return &object;
        }
    }
    return nullptr;
}

}  // namespace

TEST_CASE("at the grain of calls a Python program's lines are not told") {
    const json trace = trace_python(PROCATLAS_SOURCE_DIR "/tests/live/many_things.py", "calls");
    const auto steps = steps_of(trace);
    CHECK(std::ranges::count_if(steps, [](const std::string& s) { return s.starts_with("call fact:"); }) == 4);
    CHECK(std::ranges::none_of(steps, [](const std::string& s) { return s.starts_with("line"); }));
}

TEST_CASE("where the interpreter's frames need another piece of memory, what the hook maps is not told as the program's") {
    const ScratchFolder folder;
    const json trace = trace_python(
        write_file(folder, "mine.py", "def total(n):\n    return n and n + total(n - 1)\nprint(total(200))\n"), "calls");
    std::size_t calls = 0;
    std::size_t memory = 0;
    for (const json& event : trace["events"]) {
        calls += event["kind"] == "call" ? 1 : 0;
        memory += calls > 0 && event["kind"] == "memory" ? 1 : 0;
    }
    CHECK(calls == 202);
    CHECK(memory < 20);
}

TEST_CASE("of classes derived from built-in ones the contents are told, and the sizes that sys.getsizeof says") {
    const ScratchFolder folder;
    const json trace = trace_python(write_file(folder, "mine.py", R"py(
import sys
from collections import namedtuple
Point = namedtuple("Point", "x y")
class Row(list):
    def __iter__(self):
        raise SystemError
    def __len__(self):
        raise SystemError
    def __sizeof__(self):
        raise SystemError
class Plain:
    pass
class Slotted:
    __slots__ = ("a",)
def both(point, row, number, plain, slotted, text, *more, key=1, **rest):
    return None
def fails():
    raise KeyError
both(Point(1, 2), Row([3]), type("Number", (int,), {})(5), Plain(), Slotted(), type("Text", (str,), {})("t"))
try:
    fails()
except KeyError:
    pass
print([sys.getsizeof(one) for one in (Point(1, 2), type("Number", (int,), {})(5), Plain(), Slotted())])
)py"));
    std::map<std::string, std::string> values;
    std::vector<std::size_t> sizes;
    bool told = false;
    for (const json& event : trace["events"]) {
        if (is_told_by_python(event) && event["kind"] == "call" && event["function"] == "both") {
            for (const json& variable : event["frames"][0]["variables"]) {
                values[variable["name"]] = variable["value"];
                if (std::set<std::string>{"point", "number", "plain", "slotted"}.contains(variable["name"])) {
                    sizes.push_back((*object_named(event, variable["object"]))["size"]);
                }
            }
        }
        if (is_told_by_python(event) && event["kind"] == "return" && event["function"] == "fails") {
            told = true;
            CHECK_MESSAGE(!event.contains("result"), event.dump());
        }
    }
    CHECK(told);
    CHECK(values["point"] == "(1, 2)");
    CHECK(values["row"] == "[3]");
    CHECK(values["number"] == "5");
    CHECK(values["text"] == "'t'");
    CHECK(json(sizes) == json::parse(output_of_process(trace)));
    CHECK(trace.dump().find("both(point, row, number, plain, slotted, text, *more, key=1, **rest)") != std::string::npos);
}

TEST_CASE("objects that keep something in a layout of C are not told as empty, nor the names of a module twice") {
    const ScratchFolder folder;
    const json trace = trace_python(write_file(folder, "mine.py", R"py(
import array, collections, ctypes, threading, types
from enum import Enum
class History(collections.deque):
    pass
class Point(ctypes.Structure):
    _fields_ = [("x", ctypes.c_int)]
class Slotted:
    __slots__ = ("a",)
class Color(Enum):
    RED = 1
    BLUE = 2
local = threading.local()
local.v = 3
slotted = Slotted()
slotted.a = 2
def look(numbers, history, point, own, space, slots, three, error):
    return None
look(array.array("i", [1]), History([1]), Point(4), local, types.SimpleNamespace(q=1), slotted, (ctypes.c_int * 3)(1, 2, 3),
     OSError(2, "No", "file.txt"))
table = [[j for j in range(i)] for i in range(2)]
print("end")
)py"));
    std::map<std::string, json> told;
    std::set<std::string> of_class;
    for (const json& event : trace["events"]) {
        if (!is_told_by_python(event)) {
            continue;
        }
        const json& frame = event["frames"][0];
        for (const json& variable : frame["variables"]) {
            if (event["kind"] == "call" && event["function"] == "look") {
                told[variable["name"]] = variable["value"];
            }
            if (frame["function"] == "<class Color>") {
                of_class.insert(variable["name"]);
            }
            CHECK((frame["function"] != "<module>" || variable["name"] == "i" || variable["name"] == "j"));
        }
    }
    for (const char* name : {"numbers", "history", "point", "own"}) {
        CAPTURE(name);
        CHECK(told[name].is_null());
    }
    CHECK(told["space"] == "{q = 1}");
    CHECK(told["slots"] == "{a = 2}");
    CHECK(told["three"] == "[1, 2, 3]");
    CHECK(told["error"] == "FileNotFoundError(2, 'No', 'file.txt')");
    CHECK(of_class.contains("RED"));
    REQUIRE(trace["processes"].size() == 1);
    const json& globals = trace["processes"][0]["globals"];  // as they were when it ended
    CHECK(std::ranges::any_of(globals, [](const json& variable) { return variable["name"] == "table"; }));
}

TEST_CASE("what can be awaited is told as what it is") {
    const ScratchFolder folder;
    const json trace = trace_python(write_file(folder, "mine.py", R"py(
async def work():
    return 3
async def numbers():
    yield 1
def look(coroutine, generator):
    return None
coroutine = work()
look(coroutine, numbers())
coroutine.close()
)py"));
    const std::string told = trace.dump();
    CHECK(told.find("\"coroutine work\"") != std::string::npos);
    CHECK(told.find("\"async generator numbers\"") != std::string::npos);
}

TEST_CASE("the standard library's calls are told where they were asked for, as a library's") {
    const ScratchFolder folder;
    const std::string script = write_file(folder, "mine.py", "import colorsys\ncolorsys.rgb_to_hsv(1, 2, 3)\n");
    for (const std::string option : {"", "--libraries "}) {
        const json trace = trace_json("--grain calls " + option + "-- " + python + " " + script);
        const auto told = std::ranges::find_if(trace["events"], [](const json& event) {
            return event["kind"] == "call" && is_told_by_python(event) && event["frames"][0]["function"] == "rgb_to_hsv";
        });
        REQUIRE((told == trace["events"].end()) == option.empty());
        CHECK((option.empty() || (*told)["frames"][0].value("library", false)));
    }
}

TEST_CASE("an object of Python has the address that id says, a region, and the count that memory has") {
    const ScratchFolder folder;
    const json trace = trace_python(write_file(folder, "mine.py", R"py(
words = [10**6, "x"]
same = words
def look(given):
    print(id(given))
    return given
look(words)
del same
print("end")
)py"));
    const std::string told = output_of_process(trace);
    char address[40];
    std::snprintf(address, sizeof address, "0x%012lx", std::stoul(told));
    std::vector<std::uint64_t> counts;
    for (const json& event : trace["events"]) {
        if (!is_told_by_python(event)) {
            continue;
        }
        for (const json& object : event["objects"]) {
            CHECK_MESSAGE(!object["region"].is_null(), object.dump());
        }
        if (const json* list = object_named(event, address)) {
            CHECK((*list)["type"] == "list");
            CHECK((*list)["value"] == "[1000000, 'x']");
            CHECK((*list)["leads_to"].size() == 2);
            CHECK((*list)["items"].is_object());
            if (event["kind"] == "line" && event["frames"].size() == 1) {
                counts.push_back((*list)["references"]);
            }
        }
    }
    // words; words and same, at each line until `del same` has run
    CHECK(counts == std::vector<std::uint64_t>{1, 2, 2, 2, 1});
}

TEST_CASE(
    "an exception of a signal's handler, whenever it comes, is no trace function of the program's, and what follows is told") {
    const ScratchFolder folder;
    const json trace = trace_python(write_file(folder, "mine.py", R"py(
import signal
class TooSlow(Exception):
    pass
def handler(number, frame):
    raise TooSlow("slow")
signal.signal(signal.SIGALRM, handler)
def work():
    n = 0
    while True:
        n += 1
for k in range(3):
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    try:
        work()
    except TooSlow as slow:
        print(slow)
def last():
    return 1
last()
)py"));
    CHECK(output_of_process(trace) == "slow\nslow\nslow\n");
    for (const json& event : trace["events"]) {
        CHECK_MESSAGE((event.value("gap", "") != "python_not_told" || event["number"] == 3), event.dump());
    }
    CHECK(std::ranges::any_of(trace["events"],
                              [](const json& e) { return e["kind"] == "line" && e["frames"][0]["line"] == 17; }));
}

TEST_CASE("Ctrl-C reaches a program while it tells of itself, and its names stay") {
    const ScratchFolder folder;
    const std::string script = write_file(folder, "mine.py", R"py(
import os
import signal
def work():
    total = 5
    met = 0
    for k in range(40):
        try:
            if k % 4 == 0:
                signal.setitimer(signal.ITIMER_REAL, 0.004)
            for n in range(30):
                total = total + 0
        except KeyboardInterrupt:
            met += 1
        total = total
    signal.setitimer(signal.ITIMER_REAL, 0)
    return total
signal.signal(signal.SIGALRM, signal.default_int_handler)
print(work())
)py");
    for (const char* grain : {"lines", "calls"}) {
        CHECK(output_of_process(trace_python(script, grain)) == "5\n");
    }
}

TEST_CASE("of more names than are told their number is, and a name without end is cut") {
    const ScratchFolder folder;
    const std::string script = write_file(folder, "mine.py",
                                          "for i in range(150):\n    globals()['v%03d' % i] = i\n"
                                          "globals()['k' * 70000] = 1\ndef f():\n    return 1\nf()\n");
    const std::string file = folder.path("run.procatlas");
    REQUIRE(
        run_procatlas("trace --grain calls -o " + file + " -- " + python + " " + script + " >/dev/null </dev/null").status ==
        0);
    const json whole = json::parse(run_procatlas("show " + file + " --as json").output);
    CHECK(std::ranges::none_of(whole["events"], [](const json& e) { return e["kind"] == "gap"; }));
    const auto back = std::ranges::find_if(
        whole["events"], [](const json& e) { return e["kind"] == "return" && e["frames"][0]["function"] == "f"; });
    REQUIRE(back != whole["events"].end());
    const json then = json::parse(
        run_procatlas("show " + file + " --as json --moment " + std::to_string((*back)["moment"].get<int>())).output);
    const json& globals = then["processes"][0]["globals"];
    REQUIRE(globals.size() == 101);
    CHECK(globals.back()["name"] == "… 53");
}

TEST_CASE("numbers of C in shared memory are read, by no code of the program, and pointers are not followed") {
    const ScratchFolder folder;
    const json trace = trace_python(write_file(folder, "mine.py", R"py(
import ctypes
import multiprocessing
number = multiprocessing.Value("i", 5)
numbers = multiprocessing.Array("i", [1, 2, 3])
class Own(ctypes.c_double):
    @property
    def value(self):
        print("asked")
own = Own(2.5)
wild = ctypes.c_char_p(1)
end = True
)py"));
    CHECK(output_of_process(trace).empty());
    std::map<std::string, std::string> values;
    for (const json& event : trace["events"]) {
        for (const json& object : is_told_by_python(event) ? event["objects"] : json::array()) {
            values[object["type"]] = object["value"].is_string() ? object["value"].get<std::string>() : "";
        }
    }
    CHECK(values["c_int"] == "5");
    CHECK(values["Synchronized"].starts_with("{_obj = c_int(5), "));
    CHECK(values["c_int_Array_3"] == "[1, 2, 3]");
    CHECK(values["Own"] == "2.5");
    CHECK(values.contains("c_char_p"));
}

TEST_CASE("modules beside the script are the student's own, also where the script is begun through a link") {
    const ScratchFolder folder;
    std::filesystem::create_directory(folder / "real");
    std::filesystem::create_directory(folder / "linked");
    write_file(folder, "real/helper.py", "def help():\n    return 1\n");
    const std::string script = write_file(folder, "real/main.py", "import helper\nhelper.help()\n");
    std::filesystem::create_symlink(script, folder / "linked/main.py");
    std::filesystem::create_directory_symlink(folder / "real", folder / "same");
    for (const char* name : {"linked/main.py", "same/main.py"}) {
        const std::vector<std::string> steps = steps_of(trace_python(folder.path(name), "calls"));
        CHECK(std::ranges::count(steps, "call help:1") == 1);
    }
}

TEST_CASE("children of Python programs tell of themselves, by fork, spawn and forkserver") {
    const ScratchFolder folder;
    for (const std::string method : {"fork", "spawn", "forkserver"}) {
        CAPTURE(method);
        const json trace = trace_python(write_file(folder, "mine.py",
                                                   "import multiprocessing\n"
                                                   "def task(number):\n"
                                                   "    double = number * 2\n"
                                                   "    print(double)\n"
                                                   "if __name__ == '__main__':\n"
                                                   "    multiprocessing.set_start_method('" +
                                                       method +
                                                       "')\n"
                                                       "    made = [multiprocessing.Process(target=task, "
                                                       "args=(n,)) for n in (1, 2, 3)]\n"
                                                       "    for one in made:\n"
                                                       "        one.start()\n"
                                                       "    for one in made:\n"
                                                       "        one.join()\n"));
        std::set<std::int32_t> tellers;
        std::set<std::string> doubles;
        for (const json& event : trace["events"]) {
            if (is_told_by_python(event) && event["kind"] == "line" && event["frames"][0]["function"] == "task" &&
                event["frames"][0]["line"] == 4) {
                tellers.insert(event["pid"].get<std::int32_t>());
                for (const json& variable : event["frames"][0]["variables"]) {
                    doubles.insert(variable["name"].get<std::string>() + variable["value"].get<std::string>());
                }
            }
        }
        std::set<std::string> names;
        std::set<std::string> starts;
        for (const json& event : trace["events"]) {
            const std::string note = event.value("note", "");
            if (note == "child_named") {
                names.insert(event["text"]);
            } else if (note == "child_starts") {
                starts.insert(event["text"].get<std::string>().substr(0, event["text"].get<std::string>().find(' ')));
                CHECK((event["number"] == 0) == (method == "fork"));
            }
        }
        CHECK(names == std::set<std::string>{"Process-1 · task", "Process-2 · task", "Process-3 · task"});
        CHECK(starts == std::set<std::string>{method});
        CHECK(tellers.size() == 3);
        CHECK(doubles == std::set<std::string>{"number1", "double2", "number2", "double4", "number3", "double6"});
    }
}

TEST_CASE("threads of a Python program have stacks of their own") {
    const ScratchFolder folder;
    const json trace = trace_python(write_file(folder, "mine.py", R"py(
import threading
def work(n):
    square = n * n
    return square
made = [threading.Thread(target=work, args=(n,)) for n in (3, 4)]
for one in made:
    one.start()
for one in made:
    one.join()
)py"));
    std::set<std::int32_t> threads;
    for (const json& event : trace["events"]) {
        if (is_told_by_python(event) && event["frames"][0]["function"] == "work") {
            threads.insert(event.value("thread", 0));
        }
    }
    CHECK(threads.size() == 2);
    CHECK(!threads.contains(0));
}

TEST_CASE("a Python program is held at each of its lines, and goes on by a step") {
    const ScratchFolder folder;
    LaunchCommand launch = live::command({python, write_file(folder, "mine.py", "x = 1\ny = 2\nprint(x + y)\n")});
    launch.environment.push_back("PYTHONPATH=" PROCATLAS_BUILD_DIR "/bin/python");
    launch.environment.emplace_back("PROCATLAS_PYTHON=lines");
    launch.grain = Grain::lines;
    launch.watch_memory = false;
    launch.hold = true;
    launch.hold_classes = {.lifecycle = false, .lines = true};
    std::size_t held = 0;
    const live::Run run = live::run(launch, [&](const ObservedEvent& event, Observer& observer) {
        if (event.waits) {
            (void)observer.send(ReleaseCommand{event.thread});
        }
        if (event.held) {
            const bool line = std::holds_alternative<LineEvent>(event.detail);
            CHECK(
                (line || std::holds_alternative<CallEvent>(event.detail) || std::holds_alternative<ReturnEvent>(event.detail)));
            CHECK(event.message);
            held += line ? 1 : 0;
            (void)observer.send(StepCommand{event.process.pid});
        }
    });
    REQUIRE(run.ended);
    CHECK(held == 3);
    CHECK(live::output_of(run.recording) == "3\n");
    CHECK(live::status_of(run.recording) == 0);
}

TEST_CASE("the grain of a Python program can be changed while it runs") {
    const ScratchFolder folder;
    LaunchCommand launch = live::command({python, write_file(folder, "mine.py",
                                                             "def f(n):\n    m = n\n    return m\n"
                                                             "for n in range(9):\n    f(n)\n")});
    launch.environment.push_back("PYTHONPATH=" PROCATLAS_BUILD_DIR "/bin/python");
    launch.environment.emplace_back("PROCATLAS_PYTHON=calls");
    launch.grain = Grain::calls;
    launch.watch_memory = false;
    launch.hold = true;  // at each call, so that the command is there before the program goes on
    launch.hold_classes = {.lifecycle = false, .calls = true};
    std::vector<int> lines_after(12);  // that call
    int calls = 0;
    const live::Run run = live::run(launch, [&](const ObservedEvent& event, Observer& observer) {
        if (event.waits) {
            (void)observer.send(ReleaseCommand{event.thread});
        }
        calls += std::holds_alternative<CallEvent>(event.detail) ? 1 : 0;
        if (std::holds_alternative<LineEvent>(event.detail)) {
            ++lines_after.at(static_cast<std::size_t>(calls));
        }
        if (event.held) {
            if (std::holds_alternative<CallEvent>(event.detail) && (calls == 4 || calls == 7)) {
                (void)observer.send(GrainCommand{calls == 4 ? Grain::lines : Grain::calls});
            }
            (void)observer.send(StepCommand{event.process.pid});
        }
    });
    REQUIRE(run.ended);
    CHECK(calls == 10);  // the module's, and f's nine
    CHECK(lines_after[3] == 0);
    CHECK(lines_after[5] >= 2);
    CHECK(lines_after[6] >= 2);
    CHECK(lines_after[9] == 0);
}

TEST_CASE("at instructions, the C frames of the interpreter lie behind those of the program; not the hook's") {
    const ScratchFolder folder;
    const std::string script = write_file(folder, "two.py", "def f(n):\n    return n\nf(3)\n");
    const json trace = trace_python(script, "instructions");
    CHECK(steps_of(trace) == steps_of(trace_python(script)));
    std::size_t looked = 0;
    for (const json& event : trace["events"]) {
        if (!is_told_by_python(event)) {
            continue;
        }
        ++looked;
        std::vector<std::string> below;
        for (const json& frame : event["frames"]) {
            if (frame.value("language", "") != "python") {
                below.push_back(frame["function"].is_null() ? "" : frame["function"].get<std::string>());
                CHECK(frame.contains("return_address"));
            } else {
                CHECK(below.empty());
            }
        }
        REQUIRE(!below.empty());
        CHECK(below.front().starts_with("_PyEval_EvalFrameDefault"));
        CHECK(std::ranges::find(below, "PyEval_EvalCode") != below.end());
        CHECK(std::ranges::count(below, below.front()) == 1);  // all calls of the program are in one; the hook's is left out
    }
    CHECK(looked == 7);
}

}  // namespace procatlas
