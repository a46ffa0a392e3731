// What the window says of a program that can be seen no more.
#include <doctest/doctest.h>
#include <stdlib.h>

#include "app/control/controller.h"
#include "tests/scratch_folder.h"
#include "tests/support/scripted_run.h"

using namespace procatlas;

TEST_CASE("an observer that stands still and was ended is told in the window") {
    const ScratchFolder folder;
    ::setenv("XDG_CONFIG_HOME", folder.path("config").c_str(), 1);
    ::setenv("XDG_STATE_HOME", folder.path("state").c_str(), 1);
    auto events = two_processes();
    events.push_back(event_of(0, GapEvent{GapCode::observer_lost, "a signal had stopped it", 0}));
    ScriptedProgram program(std::move(events));
    const auto english = read_messages(PROCATLAS_SOURCE_DIR "/assets/locale/en.json");
    const auto korean = read_messages(PROCATLAS_SOURCE_DIR "/assets/locale/ko.json");
    REQUIRE(english);
    REQUIRE(korean);
    Controller controller(program.starter(), Settings{.language = "en"}, *english, *korean);
    controller.act({action::Launch{launch_of({"sh"}), "sh"}}, {});
    controller.pump();
    CHECK(controller.view().message.text.find("a signal had stopped it") != std::string::npos);
}
