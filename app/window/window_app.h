// procatlas's window, from its opening to its closing.
#pragma once

#include <optional>
#include <string>

#include "core/live/inspecting_observer.h"
#include "core/live/live_run.h"

namespace procatlas {

struct WindowOptions {
    std::optional<LaunchCommand> launch;  // none: the welcome screen
    std::string title;                    // of the launch: a sample program's name, or the command
    std::string open_file;                // a recording, or a figure that carries one, instead
    ObserverStarter starter = [](LaunchCommand asked) { return start_inspecting_observer(std::move(asked)); };
};

// Blocks until the window is closed; the programs under observation end with it. Returns the exit status: 0, or 1 where no
// window could be opened (the reason is on the standard error). `procatlas` wants to know before: see `display_problem`.
[[nodiscard]] int run_window(const WindowOptions& options);

// Why no window can be opened here, or nothing where one probably can: no DISPLAY and no WAYLAND_DISPLAY.
[[nodiscard]] std::optional<std::string> display_problem();

}  // namespace procatlas
