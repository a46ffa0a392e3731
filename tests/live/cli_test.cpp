// The command line as a person and a script use it: the JSON contract, exit statuses, messages.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "tests/live/cli_support.h"

using namespace procatlas;
using nlohmann::json;

namespace {

std::set<std::string> kinds_of(const json& process) {
    std::set<std::string> kinds;
    for (const json& region : process["regions"]) {
        kinds.insert(region["kind"]);
        CHECK(region["start"].get<std::string>().starts_with("0x"));
        CHECK(std::stoull(region["start"].get<std::string>(), nullptr, 16) <
              std::stoull(region["end"].get<std::string>(), nullptr, 16));
        CHECK(region["permissions"].get<std::string>().size() == 4);
        CHECK(region.contains("file"));
        CHECK(region.contains("library"));
    }
    return kinds;
}

std::string output_by(const json& recording, int pid) {
    std::string text;
    for (const json& event : recording["events"]) {
        if (event["kind"] == "output" && event["pid"] == pid) {
            text += event["text"];
        }
    }
    return text;
}

// One parent with three children whose ppid is its pid. Each has the four regions of the lecture and its own output.
std::vector<std::string> check_three_children(const std::string& example) {
    CAPTURE(example);
    const json recording = trace_json("--example " + example);
    const json& processes = recording["processes"];
    REQUIRE(processes.size() == 4);
    const int parent = processes[0]["pid"];
    CHECK(processes[0]["children"].size() == 3);
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < 4; ++i) {
        const json& process = processes[i];
        for (const char* kind : {"code", "data", "heap", "stack"}) {
            CHECK(kinds_of(process).contains(kind));
        }
        CHECK(process["exit"] == json{{"code", 0}});
        CHECK(process["end_ns"].get<std::uint64_t>() > process["start_ns"].get<std::uint64_t>());
        CHECK(process["threads"] == 1);
        if (i != 0) {
            CHECK(process["ppid"] == parent);
            CHECK(process["children"].empty());
            CHECK(process["pid"] == processes[0]["children"][i - 1]);
            const std::string text = output_by(recording, process["pid"]);
            CHECK(!text.empty());
            texts.push_back(text);
        }
    }
    return texts;
}

}  // namespace

TEST_CASE("three_same and three_different have one parent and three children, in C and Python") {
    for (const std::string name : {"three_same", "three_same.py", "three_different", "three_different.py"}) {
        const auto texts = check_three_children(name);
        if (name.starts_with("three_different")) {
            CHECK(std::set<std::string>(texts.begin(), texts.end()).size() == 3);
        } else {
            CHECK(std::ranges::all_of(texts,
                                      [](const std::string& text) { return text.find("child process") != std::string::npos; }));
        }
    }
}

TEST_CASE("the JSON format: events are in order, with the members of their kinds") {
    const json recording = trace_json("--example fork_exec");
    CHECK(recording["procatlas"].is_string());
    std::set<std::string> kinds;
    std::uint64_t time = 0;
    for (std::size_t i = 0; i < recording["events"].size(); ++i) {
        const json& event = recording["events"][i];
        CHECK(event["moment"] == i);
        CHECK(event["time_ns"].get<std::uint64_t>() >= time);
        time = event["time_ns"];
        const std::string kind = event["kind"];
        kinds.insert(kind);
        if (kind == "fork") {
            CHECK(event["child"] == recording["processes"][1]["pid"]);
            CHECK(event["mappings"] == event["child_mappings"]);
        } else if (kind == "exec") {
            CHECK(event["path"].is_string());
            CHECK(event["arguments"].is_array());
            const bool launch = event["pid"] == recording["processes"][0]["pid"];  // before: procatlas's own launcher
            CHECK(event["mappings_before"].is_null() == launch);
            CHECK((launch || event["mappings_before"].get<int>() > 0));
            CHECK_FALSE((launch && event.contains("closed")));
            CHECK(event["mappings_after"] == event["mappings"]);
        } else if (kind == "output") {
            CHECK(event["stream"] == "stdout");
        } else if (kind == "exit") {
            CHECK(event["mappings"].get<int>() > 0);
        }
    }
    for (const char* kind : {"start", "fork", "exec", "exit", "reap", "output", "memory"}) {
        CHECK_MESSAGE(kinds.contains(kind), kind);
    }
    const json& child = recording["processes"][1];
    CHECK(child["programs"].size() == 2);
    CHECK(child["marks"].contains("entry_point"));
    CHECK(child["marks"].contains("brk"));
}

TEST_CASE("every example runs to its end, and its tree is as its description says") {
    for (const char* name : {"hello", "child", "grandchildren", "zombie", "orphan", "threads", "regions"}) {
        for (const std::string ending : {"", ".py"}) {
            const json recording = trace_json("--example " + (name + ending));
            CAPTURE(name + ending);
            for (const json& process : recording["processes"]) {
                CHECK(!process["exit"].is_null());
                CHECK(!process["reaped_by"].is_null());
            }
        }
    }
    const json orphan = trace_json("--example orphan");
    CHECK(orphan["processes"][1]["orphan"] == true);
    CHECK(trace_json("--example threads")["processes"][0]["threads"].get<int>() > 1);
    CHECK(trace_json("--example grandchildren")["processes"].size() == 7);
}

TEST_CASE("the plain Python sample `child` prints the same kind of lines without us") {
    const auto [status, text] = run_line("/usr/bin/python3 " PROCATLAS_SOURCE_DIR "/assets/programs/child.py");
    CHECK(status == 0);
    CHECK(text.find("parent process") != std::string::npos);
    CHECK(text.find("child process") != std::string::npos);
}

TEST_CASE("trace exits as the program did; --report-exit only reports it") {
    const json crash = trace_json("-- sh -c 'kill -SEGV $$'");
    CHECK(crash["processes"][0]["exit"] == json{{"signal", 11}});
    const json seven = trace_json("-- sh -c 'exit 7'");
    CHECK(seven["processes"][0]["exit"] == json{{"code", 7}});
    const std::string quiet = " >/dev/null 2>&1 </dev/null";
    CHECK(run_procatlas("trace -- sh -c 'exit 7'" + quiet).status == 7);
    CHECK(run_procatlas("trace --json -- sh -c 'exit 2'" + quiet).status == 2);
    CHECK(run_procatlas("trace -- sh -c 'kill -SEGV $$'" + quiet).status == 128 + SIGSEGV);
    CHECK(run_procatlas("trace -- sh -c 'sh -c \"exit 3\"; exit 0'" + quiet).status == 0);
}

TEST_CASE("trace's own failures have statuses of their own: 125, and 126 and 127 for a program that cannot be started") {
    CHECK(run_procatlas("trace 2>/dev/null").status == 125);
    CHECK(run_procatlas("trace --no-such-option 2>/dev/null").status == 125);
    CHECK(run_procatlas("trace --example no_such_example 2>/dev/null").status == 125);
    CHECK(run_procatlas("trace --max-processes 0 -- true 2>/dev/null").status == 125);
    CHECK(run_procatlas("trace --max-size 5 -- true 2>/dev/null").status == 125);
    CHECK(run_procatlas("trace --json --json-lines -- true 2>/dev/null").status == 125);
    CHECK(run_procatlas("trace --example child -- true 2>/dev/null").status == 125);
    CHECK(run_procatlas("show --no-such-option 2>/dev/null").status == 2);
    for (const char* option : {"", "--report-exit "}) {
        const Ran missing = run_procatlas("trace " + std::string(option) + "-- no-such-command 2>&1 >/dev/null </dev/null");
        CHECK(missing.status == 127);
        CHECK(missing.output.find("no-such-command") != std::string::npos);
        CHECK(run_procatlas("trace " + std::string(option) + "-- /no/such/command >/dev/null 2>&1 </dev/null").status == 127);
        CHECK(run_procatlas("trace " + std::string(option) + "-- /etc/passwd >/dev/null 2>&1 </dev/null").status == 126);
    }
    CHECK(run_procatlas("trace -- true >/dev/full 2>/dev/null </dev/null").status == 125);
    CHECK(run_procatlas("--help").status == 0);
    CHECK(run_procatlas("doctor").status == 0);
}

TEST_CASE("a program gets the signal dispositions that we got") {
    const json piped = trace_json("-- sh -c 'yes | head -1'");
    CHECK(piped["processes"][1]["exit"] == json{{"signal", SIGPIPE}});
}

TEST_CASE("at the cap without a user to ask, everything is stopped, and a message says so") {
    const Ran ran = run_procatlas(
        "trace --max-processes 3 -- sh -c 'for i in 1 2 3 4 5 6; do sleep 50 & done; wait' 2>&1 >/dev/null </dev/null");
    CHECK(ran.status == 125);
    CHECK(ran.output.find("--max-processes") != std::string::npos);
}

TEST_CASE("standard input reaches the program, and bytes that are not UTF-8 do not break the JSON") {
    const Ran ran = run_procatlas("trace --json -- cat < " PROCATLAS_SOURCE_DIR "/LICENSE");
    CHECK(ran.status == 0);
    const json recording = json::parse(ran.output, nullptr, false);
    REQUIRE(!recording.is_discarded());
    CHECK(output_by(recording, recording["processes"][0]["pid"]).starts_with("MIT License"));
    const json bytes = trace_json("-- printf '\\377\\376\\033[31mx\\n'");
    CHECK(output_by(bytes, bytes["processes"][0]["pid"]).ends_with("x\n"));
}

TEST_CASE("the text has the tree, the memory from high to low addresses, and the output by PID, in Korean too") {
    const Ran english = run_procatlas("trace --example child </dev/null");
    CHECK(english.status == 0);
    const std::string& text = english.output;
    CHECK(text.find("PPID") < text.find("└─ child"));
    CHECK(text.find("exited 0") != std::string::npos);
    CHECK(text.find("rw-p  stack") < text.find("rw-p  heap"));
    CHECK(text.find("rw-p  heap") < text.find("r-xp  code"));
    const auto [status, all] =
        run_line("LC_ALL=ko_KR.UTF-8 " PROCATLAS_BUILD_DIR "/bin/procatlas trace --example child </dev/null");
    CHECK(status == 0);
    CHECK(all.find("스택") != std::string::npos);
    CHECK(all.find("프로세스") != std::string::npos);
}

TEST_CASE("a program ignores and blocks the signals that it would without procatlas") {
    const ScratchFolder folder;
    // Ignored: what a shell does to jobs in the background, service managers to services, nohup, and Python to itself.
    std::ofstream(folder / "start.py")
        << "import os, signal, sys\n"
           "for one in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM, signal.SIGUSR1):\n"
           "    signal.signal(one, signal.SIG_IGN)\n"
           "signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2, signal.SIGWINCH, signal.SIGRTMIN])\n"
           "os.execvp(sys.argv[1], sys.argv[1:])\n";
    const std::string look = "grep -E '^Sig(Ign|Blk)' /proc/self/status";
    for (const std::string& before : {std::string(), "/usr/bin/python3 " + folder.path("start.py") + " "}) {
        const Ran untraced = run_line(before + look);
        REQUIRE(untraced.status == 0);
        const json traced =
            json::parse(run_line(before + procatlas_program + " trace --json -- " + look + " </dev/null").output);
        std::string told;
        for (const json& event : traced["events"]) {
            told += event.value("text", "");
        }
        std::erase(told, '\r');
        CHECK(told == untraced.output);
    }
}

TEST_CASE("a program has the files that it would have open without procatlas, and alone") {
    const ScratchFolder folder;
    std::ofstream(folder / "text") << "of a file\n";
    const auto output = [&](const std::string& line) {
        const Ran ran = run_line("cd " + folder.path().string() + " && timeout 30 bash -c '" + line + "' </dev/null");
        CHECK(ran.status == 0);
        const json traced = json::parse(ran.output, nullptr, false);
        REQUIRE(!traced.is_discarded());
        std::string told;
        for (const json& event : traced["events"]) {
            told += event.value("text", "");
        }
        std::erase(told, '\r');
        return told;
    };
    const std::string trace = procatlas_program + " trace --json -- ";
    CHECK(output(trace + "cat /dev/fd/3 3<text") == "of a file\n");  // 3: where procatlas would have its own
    CHECK(output(trace + "cat <(echo of a command) /dev/fd/200 200<text") == "of a command\nof a file\n");
    CHECK(output(trace + "sh -c \"echo to a file >&7\" 7>written && test \"$(cat written)\" = \"to a file\"").empty());
    // Whoever reads a pipe sees its end as soon as the program closes it.
    CHECK(output("mkfifo pipe; (cat pipe; : >end) & " + trace +
                 "sh -c \"exec 7>&-; until [ -e end ]; do sleep 0.02; done; echo ended\" 7>pipe") == "ended\n");
}

TEST_CASE("where all signals are blocked, a long program is followed to its end, and SIGTERM ends all at once") {
    const std::string trace = "env --block-signal " + procatlas_program + " trace ";
    const Ran slept = run_line("timeout 60 " + trace + "-- sleep 4 2>&1 >/dev/null </dev/null");
    CHECK(slept.status == 0);
    CHECK(slept.output.empty());  // nobody has not answered
    const Ran ended = run_line("timeout --preserve-status -s TERM 1 " + trace + "-- sleep 60 2>&1 >/dev/null </dev/null");
    CHECK(ended.status == 128 + SIGTERM);
    CHECK(ended.output.empty());
}
