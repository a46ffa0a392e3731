// A real program that a launcher begins, held from its start.
#include <doctest/doctest.h>
#include <poll.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "app/control/controller.h"
#include "core/base/text.h"
#include "core/live/start_inspecting_observer.h"
#include "core/narrate/messages.h"
#include "tests/scratch_folder.h"

using namespace procatlas;

TEST_CASE("a command is held at the program that the person named, not at those of a launcher") {
    using namespace std::chrono_literals;
    const ScratchFolder folder;
    const std::string path = std::getenv("PATH");
    // As pyenv: a script that is called python3, asks others where Python is, and becomes it.
    std::ofstream(folder.path("python3")) << "#!/usr/bin/env bash\nfor i in 1 2 3; do x=$(/bin/echo $i); done\n"
                                             "exec /usr/bin/python3 \"$@\"\n";
    std::filesystem::permissions(folder.path("python3"), std::filesystem::perms::owner_all);
    std::ofstream(folder.path("mine.py")) << "print('mine')\n";
    ::setenv("PATH", (folder.path().string() + ":" + path).c_str(), 1);
    ::setenv("XDG_CONFIG_HOME", folder.path("config").c_str(), 1);
    ::setenv("XDG_STATE_HOME", folder.path("state").c_str(), 1);
    const auto english = read_messages(PROCATLAS_SOURCE_DIR "/assets/locale/en.json");
    REQUIRE(english);
    Controller controller([](LaunchCommand asked) { return start_inspecting_observer(std::move(asked)); },
                          Settings{.language = "en", .delay_ms = 0}, *english, *english);
    LaunchCommand launch = launch_of({"python3", folder.path("mine.py")}, AtFirstEvent::holds);
    controller.act({action::Launch{launch, "python3"}}, {});
    const auto deadline = std::chrono::steady_clock::now() + 120s;
    const auto is_at_python = [&] {
        const World& world = controller.run().world();
        return !world.processes.empty() && world.processes[0].state == ProcessState::held &&
               base_name(world.processes[0].program()).starts_with("python");
    };
    while (!is_at_python() && std::chrono::steady_clock::now() < deadline) {
        std::vector<pollfd> waits;
        for (const int descriptor : controller.run().descriptors()) {
            waits.push_back({descriptor, POLLIN, 0});
        }
        ::poll(waits.data(), waits.size(), 100);
        controller.pump();
    }
    ::setenv("PATH", path.c_str(), 1);
    REQUIRE(is_at_python());
    CHECK(controller.run().world().launcher_processes == 3);
    CHECK(controller.run().world().program_moment == controller.run().world().processes[0].last_moment);
}
