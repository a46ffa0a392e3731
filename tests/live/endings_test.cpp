// However a run ends, `procatlas trace` ends soon, leaves no process behind, and tells what it saw: JSON and recording are whole, and
// the exit status says what happened.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <thread>

#include "core/store/read_recording.h"
#include "tests/live/cli_support.h"
#include "tests/scratch_folder.h"

using namespace procatlas;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

const std::string procatlas_program = PROCATLAS_BUILD_DIR "/bin/procatlas";
constexpr std::chrono::seconds patience(60);  // of the test with a busy machine

std::string bytes_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

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
        const std::string line = "PROCATLAS_TEST_MARK=" + mark() + " exec " + procatlas_program + " trace " + options + " -- sh -c '>" +
                                 begun() + "; " + script + "' </dev/null >" + out() + " 2>" + folder_.path("messages");
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
        const auto after =
            std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - start);
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

void check_one_whole_file(const fs::path& path, std::size_t events) {
    const auto read = read_recording(path);
    REQUIRE_MESSAGE(read, path);
    CHECK(read->recording.events().size() >= events);
    CHECK_FALSE(fs::exists(path.native() + "-wal"));
    CHECK_FALSE(fs::exists(path.native() + "-shm"));
}

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
    Traced traced("--json", "trap \">" + heard + "\" INT; trap \"\" TERM; >" + folder.path("ready") + "; while :; do /bin/true; done");
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
    const Ran ran = run_line("ulimit -f 400; " + procatlas_program + " trace --json -o " + file +
                             " -- sh -c 'i=0; while [ $i -lt 1500 ]; do /bin/true; i=$((i+1)); done; exit 3' </dev/null 2>" +
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
    Traced traced("--json --max-size 1 -o " + file, "i=0; while [ $i -lt 3000 ]; do /bin/true; i=$((i+1)); done; exit 9");
    CHECK(traced.end().status == 9);
    const json told = traced.told();
    CHECK(told["processes"].size() < 3001);
    CHECK(std::ranges::count_if(told["events"], [](const json& event) { return event.value("gap", "") == "recording_full"; }) ==
          1);
    CHECK(fs::file_size(file) < 8u << 20);
    check_one_whole_file(file, 100);
}

TEST_CASE("of a flood of output the first and the last bytes are kept, and the number of the others is told") {
    Traced traced("--json", "seq 1 1000000");
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
    CHECK(text.ends_with("999999\n1000000\n"));
    CHECK(text.size() < 6u << 20);
    CHECK(text.size() + left_out == 6'888'896);  // as `seq 1 1000000 | wc -c` counts them
    CHECK(traced.messages().find("left out") != std::string::npos);
}

TEST_CASE("Ctrl-C at the question of the cap means no") {
    const ScratchFolder folder;
    int terminal = -1;
    const pid_t pid = ::forkpty(&terminal, nullptr, nullptr, nullptr);
    if (pid == 0) {
        const std::string line = "exec " + procatlas_program +
                                 " trace --max-processes 5 -- sh -c 'for i in 1 2 3 4 5 6 7 8 9; do sleep 1000 & done; wait' >" +
                                 folder.path("out");
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

TEST_CASE("too few descriptors, too little memory, closed standard descriptors: a sentence or the whole, and no crash") {
    const ScratchFolder folder;
    const std::string push_pop = PROCATLAS_BUILD_DIR "/bin/programs/push_pop";
    const std::string file = folder.path("run.procatlas");
    for (const std::string limit : {"-n 5", "-n 12", "-n 16", "-n 19", "-n 20", "-n 21", "-n 22", "-n 40", "-v 60000", "-v 100000"}) {
        for (const std::string& options : {std::string(), "--grain calls -o " + file}) {
            CAPTURE(limit);
            CAPTURE(options);
            const Ran ran = run_line("(ulimit " + limit + "; exec " + procatlas_program + " trace " + options + " -- " + push_pop +
                                     ") </dev/null 2>&1");
            const bool said = ran.output.find("procatlas: ") != std::string::npos;
            const bool loader = ran.status == 127 && ran.output.find("shared") != std::string::npos;
            CHECK_MESSAGE((loader || (ran.status == 125 && said) || (ran.status == 0 && ran.output.find("4 apples") != ran.output.npos)),
                          ran.status << ran.output);
        }
    }
}

TEST_CASE("no memory in the middle of a run: the program ends, and what was seen is told and kept") {
    const ScratchFolder folder;
    const std::string file = folder.path("run.procatlas");
    const Ran ran = run_line("ulimit -v 150000; exec " + procatlas_program + " trace --json -o " + file + " -- sh -c '" + busy +
                             "' </dev/null 2>" + folder.path("messages"));
    if (ran.status == 127) {
        MESSAGE("not tested: this build needs more memory for its libraries");
        return;
    }
    CHECK(ran.status == 125);
    CHECK(bytes_of(folder / "messages").find("no memory") != std::string::npos);
    const json told = json::parse(ran.output, nullptr, false);
    REQUIRE(!told.is_discarded());
    CHECK(told["events"].size() > 1000);
    check_one_whole_file(file, 1000);
}

TEST_CASE("standard descriptors that are closed are not those of the recording, and a lost result is reported") {
    const ScratchFolder folder;
    const std::string file = folder.path("run.procatlas");
    const std::string line = procatlas_program + " trace --json -o " + file + " -- echo hi ";
    CHECK(run_line(line + "<&- 2>&-").status == 0);
    check_one_whole_file(file, 5);
    CHECK(run_line(line + "<&- >&- 2>&-").status == 125);
    check_one_whole_file(file, 5);
    const Ran ran = run_line(line + "2>&1 >&-");
    CHECK(ran.status == 125);
    CHECK(ran.output.find("standard output") != std::string::npos);
}

TEST_CASE("in a locale that is not UTF-8 the text is in its character set, or in ASCII with escapes") {
    const std::string line = procatlas_program + " trace -- sh -c 'echo caf\303\251; true; true' </dev/null";
    const auto plain = [](const std::string& text) { return std::ranges::all_of(text, [](char c) { return c >= 0; }); };
    for (const char* locale : {"LC_ALL=C ", "LC_ALL=POSIX ", "LC_ALL= LC_CTYPE= LANG= ", "LC_ALL=none "}) {
        const Ran ran = run_line(locale + line);
        CHECK(ran.status == 0);
        CHECK_MESSAGE(plain(ran.output), ran.output);
        CHECK(ran.output.find("caf\\u00e9") != std::string::npos);
    }
    CHECK(run_line("LC_ALL=de_DE.ISO-8859-1 " + line).output.find("caf\xe9\n") != std::string::npos);
    CHECK(run_line("LC_ALL=C.UTF-8 " + line).output.find("caf\xc3\xa9\n") != std::string::npos);
    CHECK(!plain(run_line("LC_ALL=C " + procatlas_program + " trace --json -- printf '\\303\\251' </dev/null").output));
}

TEST_CASE("without /proc or terminals a sentence says what is missing") {
    if (::geteuid() != 0) {
        MESSAGE("not tested: only root can take them away");
        return;
    }
    const std::string inside = "unshare -m --propagation private sh -c '";
    if (run_line(inside + "true' 2>/dev/null").status != 0) {
        MESSAGE("not tested: no namespaces of mounts here");
        return;
    }
    const Ran no_proc = run_line(inside + "umount -l /proc && " + procatlas_program + " trace -- echo hi 2>&1 </dev/null'");
    CHECK(no_proc.status == 125);
    CHECK(no_proc.output.find("there is no /proc") != std::string::npos);
    const Ran no_terminals = run_line(inside + "umount -l /dev/pts && mount -t tmpfs none /dev/pts && " + procatlas_program +
                                      " trace -- echo hi 2>&1 >/dev/null </dev/null'");
    CHECK(no_terminals.status == 125);
    CHECK(no_terminals.output.find("no terminal") != std::string::npos);
}
