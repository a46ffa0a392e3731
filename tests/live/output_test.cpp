// Every byte that comes to the terminal is told once, with its process where that can be known.
#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "core/narrate/output_log.h"
#include "tests/live/live_support.h"
#include "tests/scratch_folder.h"

using namespace procatlas;
using namespace procatlas::live;

namespace {

struct Written {
    std::string text;
    OutputStream stream = OutputStream::standard_output;
    bool by_somebody = false;
};

std::vector<Written> told_of(const Recording& recording) {
    std::vector<Written> told;
    for (const Event* event : events_of<OutputEvent>(recording)) {
        const auto& output = std::get<OutputEvent>(event->detail);
        CHECK(output.size == output.text.size());
        told.push_back({output.text, output.stream, static_cast<bool>(event->process)});
    }
    return told;
}

std::string text_of(const std::vector<Written>& told) {
    std::string text;
    for (const Written& one : told) {
        text += one.text;
    }
    return text;
}

bool somebody_wrote_each(const std::vector<Written>& told) {
    return std::ranges::all_of(told, &Written::by_somebody);
}

Run shell(const std::string& script) {
    Run r = run(command({"sh", "-c", script}));
    REQUIRE(r.ended);
    CHECK(events_of<GapEvent>(r.recording).empty());
    return r;
}

}  // namespace

TEST_CASE("a write is told with its process by whichever descriptor and call it reaches the terminal") {
    const std::pair<std::string, std::string> ways[] = {
        {"dup", "by dup\n"},       {"dup_out", "by fcntl\n"},         {"tty", "by tty\n"},           {"name", "by name\n"},
        {"writev", "by writev\n"}, {"pwritev2", "by pwritev2\n"},     {"sendfile", "by sendfile\n"}, {"splice", "by splice\n"},
        {"child", "by a child\n"}, {"thread", "by another thread\n"}, {"getfd", "by getfd\n"},
    };
    for (const auto& [way, line] : ways) {
        CAPTURE(way);
        const Run r = run(command({fixture("writes"), way}));
        REQUIRE(r.ended);
        CHECK(status_of(r.recording) == 0);
        const auto told = told_of(r.recording);
        CHECK(text_of(told) == line);
        CHECK(somebody_wrote_each(told));
        CHECK(events_of<GapEvent>(r.recording).empty());
    }
}

TEST_CASE("a duplicate is told as the stream that it is a duplicate of, and a terminal opened by its name as neither") {
    const auto stream = [](const std::string& way) {
        const Run r = run(command({fixture("writes"), way}));
        REQUIRE(r.ended);
        return told_of(r.recording).at(0).stream;
    };
    CHECK(stream("dup") == OutputStream::standard_error);
    CHECK(stream("dup_out") == OutputStream::standard_output);
    CHECK(stream("tty") == OutputStream::terminal);
}

TEST_CASE("what nobody is known to have written stays in the output, in its place") {
    const Run r = run(command({fixture("writes"), "received"}));
    REQUIRE(r.ended);
    CHECK(status_of(r.recording) == 0);
    const auto told = told_of(r.recording);
    REQUIRE(told.size() == 3);
    CHECK(told[0].text == "before\n");
    CHECK(told[1].text == "received\n");
    CHECK_FALSE(told[1].by_somebody);
    CHECK(told[2].text == "after\n");
}

TEST_CASE("a program stays as it was where it is made to stop at writes to a duplicate") {
    const Run r = run(command({fixture("writes"), "signal_state"}));
    REQUIRE(r.ended);
    CHECK(status_of(r.recording) == 0);
    CHECK(text_of(told_of(r.recording)) == "3 77\n");
}

TEST_CASE("settings of the terminal neither lose bytes nor raise a false alarm") {
    const Run raw =
        shell("stty -onlcr </dev/tty; for i in 1 2 3; do echo line; done; echo to-tty >/dev/tty; stty onlcr </dev/tty");
    CHECK(text_of(told_of(raw.recording)) == "line\nline\nline\nto-tty\n");
    CHECK(somebody_wrote_each(told_of(raw.recording)));
    const Run tabs = shell("stty tab3 </dev/tty; printf 'a\\tb\\t\\tc\\n'; stty -opost </dev/tty; printf 'd\\te\\n'");
    CHECK(text_of(told_of(tabs.recording)) == "a\tb\t\tc\nd\te\n");
    CHECK(somebody_wrote_each(told_of(tabs.recording)));
    const Run capitals = shell("stty olcuc ocrnl </dev/tty; printf 'a\\rb\\n'");
    CHECK(text_of(told_of(capitals.recording)) == "a\rb\n");
    CHECK(somebody_wrote_each(told_of(capitals.recording)));
}

TEST_CASE("many writers at once lose nothing and are each told, with large writes among them") {
    const Run r = shell(
        "for i in 1 2 3 4; do (exec 3>&1; for j in 1 2 3 4 5 6 7 8 9; do echo $i$j >&3; head -c 30000 /dev/zero | tr '\\0' $i; "
        "done) & "
        "done; wait");
    const auto told = told_of(r.recording);
    CHECK(somebody_wrote_each(told));
    std::string text = text_of(told);
    CHECK(text.size() == 4 * 9 * 30003);
    for (const char digit : {'1', '2', '3', '4'}) {
        CHECK(std::ranges::count(text, digit) >= 9 * 30000);
    }
}

TEST_CASE("a program that may not be looked into loses no output, and that it could not be read is said") {
    const auto status = status_unprivileged(fixture("writes"), [] {
        const Run r = run(command({fixture("writes"), "undumpable"}));
        std::string text = output_of(r.recording);
        std::erase(text, '\r');
        return r.ended && status_of(r.recording) == 0 && text == "before\nunseen\n" ? 0 : 1;
    });
    CHECK(status.value_or(0) == 0);
}

TEST_CASE("node prints where it is installed") {
    if (::access("/usr/bin/node", X_OK) != 0) {
        return;
    }
    const Run r = run(command({"/usr/bin/node", "-e", "console.log('out'); console.error('err')"}));
    REQUIRE(r.ended);
    CHECK(text_of(told_of(r.recording)) == "out\nerr\n");
    CHECK(somebody_wrote_each(told_of(r.recording)));
}

TEST_CASE(
    "what goes into pipes and files is told where it is asked for, with where it goes, and is no output of the terminal") {
    const ScratchFolder folder;
    const std::string file = folder / "kept";
    const std::string script = "echo one | tr o 0; echo two >" + file + "; exec 5>>" + file + "; echo three >&5";
    LaunchCommand asked = command({"sh", "-c", script});
    asked.watch_elsewhere = true;
    const Run all = run(asked);
    REQUIRE(all.ended);
    CHECK(status_of(all.recording) == 0);
    std::string into_pipes;
    std::string into_file;
    std::string printed;
    for (const Event* event : events_of<OutputEvent>(all.recording)) {
        const auto& output = std::get<OutputEvent>(event->detail);
        CHECK(event->process);
        const std::string to = target_name(output);
        (to.empty() ? printed : to == file ? into_file : into_pipes) += output.text;
        CHECK((to.empty() || to == file || to.starts_with("pipe ")));
    }
    CHECK(printed == "0ne\n");
    CHECK(into_pipes == "one\n");
    CHECK(into_file == "two\nthree\n");

    const auto told = told_of(shell(script).recording);
    CHECK(text_of(told) == "0ne\n");

    OutputLog log;
    log.follow(all.recording);
    REQUIRE(log.lines().size() == 4);
    CHECK(std::ranges::count(log.lines(), "→ " + file + ": two", &OutputLine::text) == 1);
    CHECK(std::ranges::count(log.lines(), std::string("0ne"), &OutputLine::text) == 1);
}

TEST_CASE("a program whose every write is told prints and ends as ever") {
    LaunchCommand asked =
        command({"sh", "-c", "seq 300 | sort -rn | head -2; dd if=/dev/zero bs=100 count=3 2>/dev/null | wc -c"});
    asked.watch_elsewhere = true;
    const Run r = run(asked);
    REQUIRE(r.ended);
    std::string printed;
    for (const Event* event : events_of<OutputEvent>(r.recording)) {
        const auto& output = std::get<OutputEvent>(event->detail);
        printed += output.stream == OutputStream::elsewhere ? std::string() : output.text;
    }
    CHECK(printed == "300\n299\n300\n");
}
