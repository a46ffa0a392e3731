// Programs that are not ours: each ends as it does untraced, with the same output, and procatlas reports all its processes.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "core/base/unique_fd.h"
#include "tests/live/live_support.h"

using namespace procatlas;
using namespace procatlas::live;

namespace {

struct Untraced {
    int status = -1;
    std::string output;  // what it wrote to descriptors 1 and 2
};

Untraced run_untraced(const LaunchCommand& launch) {
    std::array<int, 2> ends{};
    REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
    const UniqueFd read_end(ends[0]);
    UniqueFd write_end(ends[1]);
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::dup2(::open("/dev/null", O_RDONLY), 0);
        ::dup2(write_end.get(), 1);
        ::dup2(write_end.get(), 2);
        std::vector<char*> arguments;
        std::vector<char*> environment;
        for (const auto& a : launch.arguments) {
            arguments.push_back(const_cast<char*>(a.c_str()));
        }
        for (const auto& e : launch.environment) {
            environment.push_back(const_cast<char*>(e.c_str()));
        }
        arguments.push_back(nullptr);
        environment.push_back(nullptr);
        if (!launch.working_folder.empty() && ::chdir(launch.working_folder.c_str()) != 0) {
            ::_exit(126);
        }
        ::execvpe(arguments[0], arguments.data(), environment.data());
        ::_exit(127);
    }
    write_end.reset();
    Untraced result;
    std::array<char, 4096> buffer;
    for (ssize_t got = 1; got > 0;) {
        got = ::read(read_end.get(), buffer.data(), buffer.size());
        result.output.append(buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    }
    int status = 0;
    ::waitpid(pid, &status, 0);
    result.status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    return result;
}

std::string sorted_lines(const std::string& text) {
    std::vector<std::string> lines;
    std::string line;
    for (const char c : text) {
        if (c == '\n') {
            lines.push_back(std::exchange(line, {}));
        } else if (c != '\r') {
            line += c;
        }
    }
    std::ranges::sort(lines);
    std::string sorted;
    for (const auto& l : lines) {
        sorted += l + "\n";
    }
    return sorted + line;
}

// Compares lines in any order, because parallel processes may print in any order.
const Recording& check_same(const Run& traced, const Untraced& untraced) {
    REQUIRE(traced.ended);
    CHECK(status_of(traced.recording) == untraced.status);
    CHECK(sorted_lines(output_of(traced.recording)) == sorted_lines(untraced.output));
    CHECK(traced.recording.last_world().alive_count() == 0);
    CHECK(std::ranges::all_of(traced.recording.last_world().processes, [](const Process& p) { return p.reap.has_value(); }));
    CHECK(events_of<GapEvent>(traced.recording).empty());
    return traced.recording;
}

Run check_program(std::vector<std::string> arguments) {
    const LaunchCommand launch = command(std::move(arguments));
    Run r = run(launch);
    check_same(r, run_untraced(launch));
    return r;
}

}  // namespace

TEST_CASE("a pipeline of a shell") {
    const Run r = check_program({"bash", "-c", "seq 100000 | sort | uniq -c | tail -1"});
    CHECK(r.recording.last_world().processes.size() == 5);
    CHECK(output_of(r.recording) == "      1 99999\n");
}

TEST_CASE("background jobs, subshells and wait") {
    const Run r = check_program({"bash", "-c", "for i in 1 2 3; do (sleep 0.1; echo $i) & done; wait; exit 4"});
    CHECK(r.recording.last_world().processes.size() == 7);
}

TEST_CASE("background jobs that outlive the shell still print") {
    check_program({"sh", "-c", "(sleep 0.2; echo late) & echo early"});
}

TEST_CASE("make -j4 on a small project") {
    const auto folder = std::filesystem::temp_directory_path() / ("procatlas-make-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder);
    std::ofstream makefile(folder / "Makefile");
    makefile << "all: a b c d\n\t@cat a b c d\n%:\n\t@printf '%s\\n' $@ > $@\n.PHONY: all\nMAKEFLAGS += "
                "--no-builtin-rules\nMakefile: ;\n";
    makefile.close();
    LaunchCommand launch = command({"make", "-j4"});
    launch.working_folder = folder.string();
    const Run traced = run(launch);
    for (const char* name : {"a", "b", "c", "d"}) {
        CHECK(std::filesystem::remove(folder / name));
    }
    const Untraced untraced = run_untraced(launch);
    check_same(traced, untraced);
    CHECK(output_of(traced.recording) == "a\nb\nc\nd\n");
    CHECK(traced.recording.last_world().processes.size() >= 6);
    std::filesystem::remove_all(folder);
}

TEST_CASE("a multiprocessing pool of Python, by fork and by spawn") {
    for (const std::string method : {"fork", "spawn"}) {
        const Run r = check_program({"/usr/bin/python3", "-c",
                                     "import multiprocessing as m\n"
                                     "if __name__ == '__main__':\n"
                                     "    with m.get_context('" +
                                         method +
                                         "').Pool(3) as p:\n"
                                         "        print(sum(p.map(abs, range(-50, 50))))\n"});
        CHECK(output_of(r.recording) == "2500\n");
        CHECK(r.recording.last_world().processes.size() >= 4);
    }
}

TEST_CASE("threads of Python, a crash, an abort, a daemon, an exec from a thread") {
    check_program({"/usr/bin/python3", "-c",
                   "import threading as t\n"
                   "x = [t.Thread(target=print, args=(i,), kwargs={'flush': True}) for i in range(5)]\n"
                   "[y.start() for y in x]\n[y.join() for y in x]\n"});
    check_program({fixture("crash")});
    check_program({"/usr/bin/python3", "-c", "import os; os.abort()"});
    check_program({fixture("exec_from_thread")});
    check_program({"sh", "-c", "kill -9 $$"});
    check_program({"git", "--version"});
    check_program({"sh", "-c", "setsid sh -c 'sleep 0.1; echo session' & wait; echo done"});
}

TEST_CASE("a script without #! runs by sh, as a shell would do it") {
    const auto script = std::filesystem::temp_directory_path() / ("procatlas-script-" + std::to_string(::getpid()));
    std::ofstream(script) << "echo plain $1\n";
    std::filesystem::permissions(script, std::filesystem::perms::owner_all);
    const Run r = run(command({script.string(), "words"}));
    REQUIRE(r.ended);
    CHECK(output_of(r.recording) == "plain words\n");
    std::filesystem::remove(script);
}
