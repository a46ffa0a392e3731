#include <doctest/doctest.h>
#include <poll.h>

#include <chrono>
#include <filesystem>

#include "app/control/exploration.h"
#include "core/live/live_run.h"

using namespace procatlas;

namespace {

// Waits until it has an answer.
bool explored_in_time(Exploration& exploration, ExplorationView& view) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (view.running && std::chrono::steady_clock::now() < deadline) {
        pollfd ready{exploration.descriptor(), POLLIN, 0};
        ::poll(&ready, 1, 1000);
        exploration.pump(view);
    }
    return !view.running;
}

}  // namespace

TEST_CASE("the program in the window is explored, and each outcome can be opened") {
    Exploration exploration;
    ExplorationView view;
    exploration.begin(launch_of({"/bin/sh", "-c", "echo a & echo b; wait"}), "letters", view);
    CHECK(view.running);
    CHECK(view.title == "letters");
    REQUIRE(explored_in_time(exploration, view));
    CHECK(view.problem.empty());
    REQUIRE(view.found);
    CHECK(view.found->outcomes.size() == 2);
    for (const ExploredOutcome& one : view.found->outcomes) {
        CHECK(std::filesystem::exists(one.recording));
    }
}

TEST_CASE("an exploration of a program that cannot be run says why") {
    Exploration exploration;
    ExplorationView view;
    exploration.begin(launch_of({"/nonexistent/program"}), "nothing", view);
    REQUIRE(explored_in_time(exploration, view));
    CHECK_FALSE(view.found);
    CHECK_FALSE(view.problem.empty());
}

TEST_CASE("an exploration that is not wanted any more gives no answer") {
    Exploration exploration;
    ExplorationView view;
    exploration.begin(launch_of({"/bin/sh", "-c", "echo a & echo b & echo c & wait"}), "letters", view);
    exploration.cancel(view);
    CHECK_FALSE(view.running);
    CHECK_FALSE(exploration.pump(view));
    CHECK_FALSE(view.found);
}
