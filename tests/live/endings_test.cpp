// However a run ends, `procatlas trace` ends soon, leaves no process behind, and tells what it saw: JSON and recording are
// whole, and the exit status says what happened.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>

#include "core/store/read_recording.h"
#include "tests/live/cli_support.h"
#include "tests/scratch_folder.h"
#include "tests/support/bytes_of.h"

using namespace procatlas;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

constexpr std::chrono::seconds patience(60);  // of the test with a busy machine

bool wait_until(const std::function<bool()>& condition) {
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > deadline) {
            return false;
        }
        std::this_thread::yield();
    }
    return true;
}

// Processes that have `mark` in their environment.
std::vector<pid_t> marked(const std::string& mark) {
    std::vector<pid_t> found;
    for (const auto& entry : fs::directory_iterator("/proc")) {
        const std::string pid = entry.path().filename();
        if (pid.find_first_not_of("0123456789") == std::string::npos &&
            bytes_of(entry.path() / "environ").find(mark) != std::string::npos) {
            found.push_back(std::stoi(pid));
        }
    }
    return found;
}

// `procatlas trace` on a shell script that says when it runs.
class Traced {
public:
    Traced(const std::string& options, const std::string& script) {
        const std::string line = "PROCATLAS_TEST_MARK=" + mark() + " exec " + procatlas_program + " trace " + options +
                                 " -- sh -c '>" + begun() + "; " + script + "' </dev/null >" + out() + " 2>" +
                                 folder_.path("messages");
        auto started = ChildProgram::start({.words = {"sh", "-c", line}});
        REQUIRE(started);
        program_.emplace(std::move(*started));
    }

    [[nodiscard]] fs::path recording() const { return folder_ / "run.procatlas"; }
    [[nodiscard]] std::string out() const { return folder_.path("out"); }
    [[nodiscard]] std::string messages() const { return bytes_of(folder_ / "messages"); }
    void wait_until_it_runs() const {
        REQUIRE(wait_until([&] { return fs::exists(begun()); }));
    }
    [[nodiscard]] pid_t pid() const { return program_->pid(); }
    [[nodiscard]] pid_t observer() const {
        for (const pid_t pid : marked(mark())) {
            if (bytes_of("/proc/" + std::to_string(pid) + "/comm").starts_with("procatlas-obser")) {
                return pid;
            }
        }
        return 0;
    }
    // Its exit status, and how long that took.
    struct End {
        int status = -1;
        std::chrono::milliseconds after{0};
    };
    End end() {
        const auto start = std::chrono::steady_clock::now();
        const auto status = program_->wait_for_end(patience);
        REQUIRE_MESSAGE(status, "it did not end");
        const auto after = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
        CHECK_MESSAGE(wait_until([&] { return marked(mark()).empty(); }), "a process survived");
        return {WIFEXITED(*status) ? WEXITSTATUS(*status) : -WTERMSIG(*status), after};
    }
    [[nodiscard]] json told() const {
        json parsed = json::parse(bytes_of(out()), nullptr, false);
        REQUIRE_MESSAGE(!parsed.is_discarded(), messages());
        return parsed;
    }

private:
    [[nodiscard]] std::string mark() const { return "endings-" + std::to_string(::getpid()) + folder_.path().string(); }
    [[nodiscard]] std::string begun() const { return folder_.path("begun"); }

    ScratchFolder folder_;
    std::optional<ChildProgram> program_;
};

const std::string busy = "while :; do /bin/true; done";
const std::string stubborn = "trap \"\" INT TERM HUP QUIT ALRM USR1; while :; do /bin/true; done";

}  // namespace

TEST_CASE("signals that ask for the end: the program ends, JSON and recording are whole, the status names the signal") {
    for (const std::string& script : {busy, stubborn}) {
        for (const int signal : {SIGTERM, SIGHUP, SIGQUIT, SIGALRM, SIGUSR1}) {
            CAPTURE(script);
            CAPTURE(signal);
            const ScratchFolder folder;
            const std::string file = folder.path("run.procatlas");
            Traced traced("--json -o " + file, script);
            traced.wait_until_it_runs();
            ::kill(traced.pid(), signal);
            const Traced::End end = traced.end();
            CHECK(end.status == 128 + signal);
            CHECK(end.after < std::chrono::seconds(10));
            const json told = traced.told();
            CHECK(told["events"].size() > 2);
            const json& exit = told["processes"][0]["exit"];
            CHECK((exit.is_null() || exit.contains("signal")));  // null: a busy machine, and the observer was not waited for
            check_one_whole_file(file, told["events"].size());
        }
    }
}

TEST_CASE("the first Ctrl-C is the program's, and the second ends all") {
    const ScratchFolder folder;
    const std::string heard = folder.path("heard");
    Traced traced("--json",
                  "trap \">" + heard + "\" INT; trap \"\" TERM; >" + folder.path("ready") + "; while :; do /bin/true; done");
    traced.wait_until_it_runs();
    REQUIRE(wait_until([&] { return fs::exists(folder / "ready"); }));
    ::kill(traced.pid(), SIGINT);
    REQUIRE(wait_until([&] { return fs::exists(heard); }));
    ::kill(traced.pid(), SIGINT);
    CHECK(traced.end().status == 128 + SIGINT);
    CHECK(traced.told()["processes"][0]["exit"].contains("signal"));
}

TEST_CASE("an observer that is stopped by the program is noticed and reported, and all ends") {
    Traced traced("--json", "kill -STOP $PPID; sleep 1000");
    traced.wait_until_it_runs();
    const Traced::End end = traced.end();
    CHECK(end.status == 125);
    CHECK(end.after < std::chrono::seconds(10));
    const json told = traced.told();
    CHECK(told["events"].back()["gap"] == "observer_lost");
    CHECK(told["events"].back()["text"] == "a signal had stopped it");
    CHECK(traced.messages().find("a signal had stopped it") != std::string::npos);
}

TEST_CASE("an observer that is stopped from outside while much happens is noticed too, and the recording is whole") {
    const ScratchFolder folder;
    const std::string file = folder.path("run.procatlas");
    Traced traced("--json -o " + file, busy);
    traced.wait_until_it_runs();
    ::kill(traced.observer(), SIGSTOP);
    CHECK(traced.end().status == 125);
    check_one_whole_file(file, traced.told()["events"].size());
}

TEST_CASE("signals of a program to its parent do not end the observer") {
    Traced traced("--json", "for s in TERM HUP INT QUIT USR1 USR2 ALRM PIPE; do kill -$s $PPID; done; exit 7");
    CHECK(traced.end().status == 7);
    CHECK(traced.told()["processes"][0]["exit"]["code"] == 7);
}

TEST_CASE("--json-lines tells each event while the program runs, behind a line that tells the format") {
    Traced traced("--json-lines", "echo now; while :; do sleep 0.01; done");
    REQUIRE(wait_until([&] { return bytes_of(traced.out()).find("\"now\\n\"") != std::string::npos; }));
    ::kill(traced.pid(), SIGTERM);
    CHECK(traced.end().status == 128 + SIGTERM);
    std::ifstream lines(traced.out());
    std::string line;
    REQUIRE(std::getline(lines, line));
    CHECK(json::parse(line)["schema"] == "events");
    std::size_t moment = 0;
    for (; std::getline(lines, line); ++moment) {
        const json event = json::parse(line, nullptr, false);
        REQUIRE(!event.is_discarded());
        CHECK(event["moment"] == moment);
    }
    CHECK(moment > 5);
}

TEST_CASE("nobody who reads: --json-lines ends the program, and the recording is whole") {
    const ScratchFolder folder;
    const std::string file = folder.path("run.procatlas");
    const Ran ran = run_line("(" + procatlas_program + " trace --json-lines -o " + file + " -- sh -c '" + busy +
                             "' </dev/null 2>/dev/null; echo $? >" + folder.path("status") + ") | head -n 3 >/dev/null");
    CHECK(ran.status == 0);
    REQUIRE(wait_until([&] { return !bytes_of(folder / "status").empty(); }));
    CHECK(bytes_of(folder / "status") == "125\n");
    check_one_whole_file(file, 3);
}

TEST_CASE("a full disk: the program runs to its end, and the status and a message say that the recording is not whole") {
    const ScratchFolder folder;
    const std::string file = folder.path("run.procatlas");
    const Ran ran = run_line("ulimit -f 300; " + procatlas_program + " trace --json -o " + file +
                             " -- sh -c 'i=0; while [ $i -lt 500 ]; do /bin/true; i=$((i+1)); done; exit 3' </dev/null 2>" +
                             folder.path("messages") + " | cat");
    const json told = json::parse(ran.output, nullptr, false);
    REQUIRE(!told.is_discarded());
    CHECK(told["processes"][0]["exit"]["code"] == 3);
    CHECK(std::ranges::any_of(told["events"], [](const json& event) { return event.value("gap", "") == "recording_failed"; }));
    CHECK(bytes_of(folder / "messages").find("incomplete") != std::string::npos);
    CHECK(run_line("sqlite3 -readonly " + file + " 'SELECT count(*) > 100 FROM event'").output == "1\n");
}

TEST_CASE("an older recording is not replaced where nothing ran, and a run replaces it at its end") {
    const ScratchFolder folder;
    const std::string file = folder.path("old.procatlas");
    REQUIRE(run_procatlas("trace -o " + file + " -- echo old >/dev/null </dev/null").status == 0);
    const std::string before = bytes_of(file);
    for (const char* command : {"/nonexistent", "/etc/passwd"}) {
        CHECK(run_procatlas("trace -o " + file + " -- " + command + " >/dev/null 2>&1 </dev/null").status >= 126);
        CHECK(bytes_of(file) == before);
    }
    CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 1);
    Traced traced("--json -o " + file, busy);
    traced.wait_until_it_runs();
    CHECK(bytes_of(file) == before);
    ::kill(traced.pid(), SIGTERM);
    CHECK(traced.end().status == 128 + SIGTERM);
    CHECK(bytes_of(file) != before);
    check_one_whole_file(file, 5);
    CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 1);
}

TEST_CASE("--max-size ends the recording and not the program") {
    const ScratchFolder folder;
    const std::string file = folder.path("run.procatlas");
    Traced traced("--json --max-size 1 -o " + file,
                  "i=0; while [ $i -lt 60 ]; do cat /usr/share/common-licenses/GPL-3; i=$((i+1)); done; exit 9");
    CHECK(traced.end().status == 9);
    const json told = traced.told();
    CHECK(told["processes"].size() < 61);
    CHECK(std::ranges::count_if(told["events"], [](const json& event) { return event.value("gap", "") == "recording_full"; }) ==
          1);
    CHECK(fs::file_size(file) < 8u << 20);
    check_one_whole_file(file, 50);
}

TEST_CASE("of a flood of output the first and the last bytes are kept, and the number of the others is told") {
    Traced traced("--json", "seq 1 1400000");
    CHECK(traced.end().status == 0);
    const json told = traced.told();
    std::string text;
    std::uint64_t left_out = 0;
    for (const json& event : told["events"]) {
        if (event["kind"] == "output") {
            text += event["text"].get<std::string>();
        } else if (event.value("gap", "") == "output_left_out") {
            left_out += event["number"].get<std::uint64_t>();
        }
    }
    CHECK(text.starts_with("1\n2\n3\n"));
    CHECK(text.ends_with("1399999\n1400000\n"));
    CHECK(text.size() < 10u << 20);
    CHECK(text.size() + left_out == 10'088'896);  // as `seq 1 1400000 | wc -c` counts them
    CHECK(traced.messages().find("left out") != std::string::npos);
}

TEST_CASE("Ctrl-C at the question of the cap means no") {
    const ScratchFolder folder;
    int terminal = -1;
    const pid_t pid = ::forkpty(&terminal, nullptr, nullptr, nullptr);
    if (pid == 0) {
        const std::string line =
            "exec " + procatlas_program +
            " trace --max-processes 5 -- sh -c 'for i in 1 2 3 4 5 6 7 8 9; do sleep 1000 & done; wait' >" + folder.path("out");
        ::execl("/bin/sh", "sh", "-c", line.c_str(), nullptr);
        ::_exit(127);
    }
    REQUIRE(pid > 0);
    std::string said;
    bool answered = false;
    std::array<char, 4096> buffer{};
    for (ssize_t got = 0; (got = ::read(terminal, buffer.data(), buffer.size())) > 0;) {
        said.append(buffer.data(), static_cast<std::size_t>(got));
        if (!answered && said.find("[y/N]") != std::string::npos) {
            answered = true;
            CHECK(::write(terminal, "\x03", 1) == 1);
        }
    }
    int status = 0;
    REQUIRE(::waitpid(pid, &status, 0) == pid);
    ::close(terminal);
    CHECK(answered);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 125);
    CHECK(said.find("--max-processes") != std::string::npos);
}

TEST_CASE("an observer that is stopped while the inside is read is noticed as well") {
    Traced traced("--json --grain calls", "kill -STOP $PPID; sleep 1000");
    traced.wait_until_it_runs();
    const Traced::End end = traced.end();
    CHECK(end.status == 125);
    CHECK(end.after < std::chrono::seconds(10));
    CHECK(traced.told()["events"].back()["gap"] == "observer_lost");
}

TEST_CASE("a reader of the result who never reads does not keep trace from ending") {
    for (const std::string& format : {std::string("--json"), std::string("--json-lines")}) {
        for (const std::string& script : {std::string("i=0; while [ $i -lt 300 ]; do /bin/true; i=$((i+1)); done"), busy}) {
            CAPTURE(format);
            CAPTURE(script);
            if (format == "--json" && script == busy) {
                continue;  // writes nothing yet
            }
            const ScratchFolder folder;
            const std::string file = folder.path("run.procatlas");
            std::array<int, 2> ends{};
            REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
            auto program =
                ChildProgram::start({.words = {procatlas_program, "trace", format, "-o", file, "--", "sh", "-c", script},
                                     .descriptors = {{STDIN_FILENO, -1}, {STDOUT_FILENO, ends[1]}, {STDERR_FILENO, -1}}});
            REQUIRE(program);
            REQUIRE(wait_until([&] {
                pollfd full{ends[1], POLLOUT, 0};
                return ::poll(&full, 1, 0) == 0;
            }));
            ::kill(program->pid(), SIGTERM);
            const auto status = program->wait_for_end(std::chrono::seconds(20));
            REQUIRE(status);
            CHECK(WEXITSTATUS(*status) == 125);
            check_one_whole_file(file, 100);
            ::close(ends[0]);
            ::close(ends[1]);
        }
    }
}
