// A window whose programs run on another machine, and what of this one is not there. tests/far runs real ones.
#include <doctest/doctest.h>
#include <stdlib.h>

#include <memory>
#include <string>
#include <utility>

#include "app/control/controller.h"
#include "core/base/companion.h"
#include "tests/scratch_folder.h"
#include "tests/support/scripted_run.h"

namespace procatlas {
namespace {

class MachineInName final : public Companions {
public:
    [[nodiscard]] Result<std::unique_ptr<Companion>> start(const CompanionStart&) override {
        return fail("nothing starts here");
    }
    [[nodiscard]] const Surroundings& surroundings() const override { return surroundings_; }

private:
    Surroundings surroundings_{.machine = "me@lab3"};
};

}  // namespace

TEST_CASE("a window on another machine says what is not there, and runs what is") {
    const ScratchFolder folder;
    ::setenv("XDG_CONFIG_HOME", folder.path("config").c_str(), 1);
    ::setenv("XDG_STATE_HOME", folder.path("state").c_str(), 1);
    ScriptedProgram program(two_processes());
    const auto english = read_messages(PROCATLAS_SOURCE_DIR "/assets/locale/en.json");
    const auto korean = read_messages(PROCATLAS_SOURCE_DIR "/assets/locale/ko.json");
    REQUIRE(english);
    REQUIRE(korean);
    Controller controller(program.starter(), Settings{.language = "en"}, *english, *korean, std::make_shared<MachineInName>());
    const auto refused = [&](Action action) {
        controller.act({action::DismissMessage{}, std::move(action)}, {});
        return !controller.run().started() && controller.view().dialog == Dialog::none &&
               controller.view().message.text.find("me@lab3") != std::string::npos;
    };
    CHECK(refused(action::Launch{launch_of({"/of/this/machine"}), "sample", Teaching{}}));
    CHECK(refused(action::RunProgram{{{folder.path("mine.c"), {}}, "", AtFirstEvent::runs}}));
    CHECK(refused(action::TakeDropped{folder.path("mine.py")}));
    CHECK(refused(action::OpenDialog{Dialog::explore}));
    controller.act({action::Launch{launch_of({"sh"}), "sh"}}, {});
    controller.pump();
    CHECK(controller.run().title() == "me@lab3: sh");
    REQUIRE(controller.run().launched());
    CHECK_FALSE(controller.run().launched()->frames);
    controller.act({action::Restart{}}, {});
    CHECK(controller.run().title() == "me@lab3: sh");
}

}  // namespace procatlas
