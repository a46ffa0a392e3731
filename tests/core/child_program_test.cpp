// Programs that we start get their arguments unchanged and only the descriptors that we name, and they always end.
#include "core/base/child_program.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "core/base/unique_fd.h"

using namespace procatlas;
using namespace std::chrono_literals;

namespace {

constexpr auto long_enough = 60s;

// Arguments for a shell. Its script finds them in $1, $2 and so on.
ChildStart shell(const std::string& script, std::vector<std::string> arguments = {}) {
    ChildStart start{.words = {"sh", "-c", script, "sh"}};
    start.words.insert(start.words.end(), arguments.begin(), arguments.end());
    return start;
}

}  // namespace

TEST_CASE("the output and exit status of a program are returned, and no shell changes its arguments") {
    const auto ran = run_program(shell("printf '%s|' \"$@\"; exit 7", {"a b", "$HOME 'x'", ""}), long_enough);
    REQUIRE(ran);
    CHECK(ran->output == "a b|$HOME 'x'||");
    CHECK(ran->status == 7);
    const auto killed = run_program(shell("kill -TERM $$"), long_enough);
    REQUIRE(killed);
    CHECK(killed->status == 128 + SIGTERM);
}

TEST_CASE("a program that cannot be started is an error that names it") {
    const auto none = run_program({.words = {"/none/of/this"}}, long_enough);
    REQUIRE(!none);
    CHECK(none.error().message.find("/none/of/this") != std::string::npos);
}

TEST_CASE("a program that does not end in time is killed") {
    const auto late = run_program(shell("echo $$; exec sleep 1000"), 300ms);
    REQUIRE(!late);
    CHECK(late.error().message.find("in time") != std::string::npos);
}

TEST_CASE("a program gets only the named descriptors, even if they swap numbers") {
    const UniqueFd other(::open("/dev/zero", O_RDONLY));  // without O_CLOEXEC, as a careless library opens one
    std::array<int, 2> first{};
    std::array<int, 2> second{};
    REQUIRE(::pipe2(first.data(), O_CLOEXEC) == 0);
    REQUIRE(::pipe2(second.data(), O_CLOEXEC) == 0);
    const std::array<UniqueFd, 2> ends{UniqueFd(first[0]), UniqueFd(second[0])};
    UniqueFd a(first[1]);
    UniqueFd b(second[1]);
    ChildStart start =
        shell("echo first >/proc/self/fd/$1; echo second >/proc/self/fd/$2; cat; [ -e /proc/self/fd/$3 ] || echo closed",
              {std::to_string(b.get()), std::to_string(a.get()), std::to_string(other.get())});
    start.descriptors = {{STDIN_FILENO, -1}, {b.get(), a.get()}, {a.get(), b.get()}};
    const auto ran = run_program(start, long_enough);
    a.reset();
    b.reset();
    REQUIRE(ran);
    std::array<char, 64> text{};
    CHECK(std::string(text.data(), static_cast<std::size_t>(::read(ends[0].get(), text.data(), text.size()))) == "first\n");
    CHECK(std::string(text.data(), static_cast<std::size_t>(::read(ends[1].get(), text.data(), text.size()))) == "second\n");
    CHECK(ran->output == "closed\n");
}

TEST_CASE("the owner ends its program even after the owner was moved") {
    auto started = ChildProgram::start({.words = {"sleep", "1000"}});
    REQUIRE(started);
    const pid_t pid = started->pid();
    CHECK(!started->reaped());
    CHECK(!started->wait_for_end(1ms));
    {
        const ChildProgram owner = std::move(*started);
        CHECK(owner.pid() == pid);
        CHECK(started->pid() == 0);
    }
    CHECK(::kill(pid, 0) == -1);  // reaped as well: a zombie could still be signalled
}

TEST_CASE("signals that we block are not blocked in a program started with fresh signals") {
    sigset_t blocked;
    sigset_t before;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    ::sigprocmask(SIG_BLOCK, &blocked, &before);
    ChildStart start = shell("kill -TERM $$; echo still here");
    const auto inherited = run_program(start, long_enough);
    start.signals = ChildSignals::fresh;
    const auto fresh = run_program(start, long_enough);
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
    REQUIRE(inherited);
    REQUIRE(fresh);
    CHECK(inherited->output == "still here\n");
    CHECK(fresh->output.empty());
}
