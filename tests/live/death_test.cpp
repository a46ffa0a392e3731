// Whoever dies, in whatever way and at whatever moment: no traced process survives, and nothing hangs.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <string>
#include <thread>

#include "tests/live/live_support.h"

using namespace procatlas;
using namespace procatlas::live;

namespace {

// How many moments each case tries; the tests' own number keeps them short, PROCATLAS_KILLS=100 is for a thorough look.
int tries() {
    const char* text = std::getenv("PROCATLAS_KILLS");
    return text ? std::max(std::atoi(text), 1) : 12;
}

// A busy tree that ends by itself after a while, each process carrying `mark` in its environment.
LaunchCommand busy_tree(const std::string& mark) {
    LaunchCommand launch =
        command({"bash", "-c",
                 "for i in 1 2 3 4 5 6 7 8; do (for j in 1 2 3 4 5 6; do /bin/true; (echo $j | cat >/dev/null); done; "
                 "sleep 20) & done; setsid sleep 20 & wait"});
    launch.environment.push_back("PROCATLAS_TEST_MARK=" + mark);
    return launch;
}

// Processes alive (zombies do not count) whose environment carries the mark.
int count_marked(const std::string& mark) {
    int count = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        const std::string pid = entry.path().filename();
        if (pid.find_first_not_of("0123456789") != std::string::npos) {
            continue;
        }
        std::ifstream environment(entry.path() / "environ");
        const std::string text((std::istreambuf_iterator<char>(environment)), std::istreambuf_iterator<char>());
        count += text.find("PROCATLAS_TEST_MARK=" + mark) != std::string::npos ? 1 : 0;
    }
    return count;
}

bool all_gone(const std::string& mark) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (count_marked(mark) != 0) {
        if (std::chrono::steady_clock::now() > deadline) {
            return false;
        }
        std::this_thread::yield();
    }
    return true;
}

std::chrono::microseconds random_moment(std::mt19937& random) {
    return std::chrono::microseconds(std::uniform_int_distribution<int>(0, 300'000)(random));
}

// A process of its own that watches a busy tree until it is killed: the window, as far as the observer can tell.
pid_t start_watcher(const std::string& mark, bool hold) {
    const pid_t watcher = ::fork();
    if (watcher == 0) {
        LaunchCommand launch = busy_tree(mark);
        launch.hold = hold;
        run(launch, [](const ObservedEvent& event, Observer& observer) {
            if (event.held && event.time_ns % 3 != 0) {  // some stay held
                (void)observer.send(StepCommand{event.process.pid});
            }
        });
        ::_exit(0);
    }
    return watcher;
}

}  // namespace

TEST_CASE("kill -9 of the watcher at any moment leaves nothing behind") {
    std::mt19937 random(1);
    for (int i = 0; i < tries(); ++i) {
        const std::string mark = "watcher-" + std::to_string(::getpid()) + "-" + std::to_string(i);
        const pid_t watcher = start_watcher(mark, i % 2 == 1);
        std::this_thread::sleep_for(random_moment(random));  // waits for nothing: the moment is the test's input
        ::kill(watcher, SIGKILL);
        ::waitpid(watcher, nullptr, 0);
        CHECK_MESSAGE(all_gone(mark), mark);
    }
}

TEST_CASE("kill -9 of the observer at any moment leaves nothing behind, and the watcher reports it") {
    std::mt19937 random(2);
    for (int i = 0; i < tries(); ++i) {
        const std::string mark = "observer-" + std::to_string(::getpid()) + "-" + std::to_string(i);
        LaunchCommand launch = busy_tree(mark);
        launch.hold = i % 2 == 1;
        const auto moment = std::chrono::steady_clock::now() + random_moment(random);
        std::int32_t observer_pid = 0;
        const Run r = run(launch, [&](const ObservedEvent& event, Observer& observer) {
            if (const auto* start = std::get_if<StartEvent>(&event.detail)) {
                observer_pid = start->parent_pid;
            }
            if (event.held) {
                (void)observer.send(StepCommand{});
            }
            if (std::chrono::steady_clock::now() >= moment) {
                ::kill(observer_pid, SIGKILL);
            }
        });
        REQUIRE(r.ended);
        CHECK(std::holds_alternative<GapEvent>(r.recording.events().back().detail));
        CHECK(r.recording.last_world().ended);
        CHECK_MESSAGE(all_gone(mark), mark);
    }
}

TEST_CASE("kill -9 of the traced program at any moment: its children end normally, everything is reported, nothing hangs") {
    std::mt19937 random(3);
    for (int i = 0; i < tries(); ++i) {
        const std::string mark = "program-" + std::to_string(::getpid()) + "-" + std::to_string(i);
        LaunchCommand launch = busy_tree(mark);
        const auto moment = std::chrono::steady_clock::now() + random_moment(random);
        bool killed = false;
        bool stopped = false;
        const Run r = run(launch, [&](const ObservedEvent& event, Observer& observer) {
            if (!killed && std::chrono::steady_clock::now() >= moment) {
                killed = true;
                ::kill(event.process.pid, SIGKILL);
            }
            if (killed && !stopped) {
                stopped = true;
                CHECK(observer.send(StopAllCommand{}));
            }
        });
        REQUIRE(r.ended);
        CHECK(r.recording.last_world().alive_count() == 0);
        CHECK(events_of<GapEvent>(r.recording).empty());
        CHECK_MESSAGE(all_gone(mark), mark);
    }
}

TEST_CASE("an observer that has ended is reaped at once: a window that stays open keeps no zombie") {
    auto observer = start_observer(command({"/bin/true"}));
    REQUIRE(observer);
    std::int32_t pid = 0;
    while (!(*observer)->ended()) {
        pollfd ready{(*observer)->descriptor(), POLLIN, 0};
        REQUIRE(::poll(&ready, 1, 60'000) == 1);
        for (const ObservedEvent& event : (*observer)->receive()) {
            const auto* start = std::get_if<StartEvent>(&event.detail);
            pid = start ? start->parent_pid : pid;
        }
    }
    REQUIRE(pid != 0);
    CHECK(!std::filesystem::exists("/proc/" + std::to_string(pid)));
}

TEST_CASE("ending an observer without its help leaves nothing behind, and everything that it had told is received") {
    const std::string mark = "ended-" + std::to_string(::getpid());
    auto observer = start_observer(busy_tree(mark));
    REQUIRE(observer);
    std::size_t forks = 0;
    std::string why;
    while (!(*observer)->ended()) {
        pollfd ready{(*observer)->descriptor(), POLLIN, 0};
        REQUIRE(::poll(&ready, 1, 60'000) == 1);
        for (const ObservedEvent& event : (*observer)->receive()) {
            forks += std::holds_alternative<ForkEvent>(event.detail) ? 1 : 0;
            if (const auto* gap = std::get_if<GapEvent>(&event.detail)) {
                why = gap->text;
            }
        }
        if (forks > 5) {
            (*observer)->end("enough was seen");
        }
    }
    CHECK(why == "enough was seen");
    CHECK_MESSAGE(all_gone(mark), mark);
}
