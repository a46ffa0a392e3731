#include <doctest/doctest.h>
#include <poll.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>

#include "app/control/controller.h"
#include "app/control/exploration.h"
#include "app/control/outcome_text.h"
#include "core/live/live_run.h"
#include "core/live/start_inspecting_observer.h"
#include "tests/scratch_folder.h"

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

TEST_CASE("a run of one outcome is opened where it parts from a run of another one, and it is told what happens there") {
    Exploration exploration;
    ExplorationView view;
    exploration.begin(launch_of({"/bin/sh", "-c", "echo same; echo a & echo b; wait"}), "letters", view);
    REQUIRE(explored_in_time(exploration, view));
    REQUIRE(view.found);
    REQUIRE(view.found->outcomes.size() == 2);
    const std::vector<ExploredOutcome>& outcomes = view.found->outcomes;
    CHECK(lines_in_common(outcomes) == 1);
    CHECK(outcomes_apart(outcomes[0], outcomes[1]).lines == 1);
    CHECK(outcomes_apart(outcomes[0], outcomes[0]).lines == 3);
    const ScratchFolder folder;
    ::setenv("XDG_CONFIG_HOME", folder.path().c_str(), 1);
    ::setenv("XDG_STATE_HOME", folder.path().c_str(), 1);
    const auto english = read_messages(PROCATLAS_SOURCE_DIR "/assets/locale/en.json");
    REQUIRE(english);
    Controller controller([](LaunchCommand asked) { return start_inspecting_observer(std::move(asked)); },
                          Settings{.language = "en"}, *english, *english);
    controller.act({action::OpenParted{outcomes[0].recording.string(), outcomes[1].recording.string()}}, {});
    REQUIRE(controller.run().opened());
    REQUIRE(controller.view().moment);
    CHECK(*controller.view().moment > 0);
    CHECK(*controller.view().moment < controller.run().recording().last_moment());
    CHECK(controller.view().message.good);
    CHECK(controller.view().message.text.find("the two runs part") != std::string::npos);
}
