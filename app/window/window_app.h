// procatlas's window, from opening to closing.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "app/control/examples.h"
#include "app/control/own_programs.h"
#include "core/base/companion.h"
#include "core/live/live_run.h"
#include "core/live/start_inspecting_observer.h"

namespace procatlas {

struct WindowOptions {
    std::optional<LaunchCommand> launch;         // nullopt: the welcome screen
    std::optional<OwnRun> own;                   // instead of a launch: a program of the person's own
    std::string title;                           // of the launch: a sample program's name, or the command
    std::optional<Teaching> teaching;            // of a sample program
    std::string open_file;                       // opens a recording, or a figure that carries one, instead of a launch
    std::pair<std::string, std::string> beside;  // two recordings to compare; empty: none
    std::shared_ptr<Companions> where;           // the machine of the programs; null: this one
    ObserverStarter starter = [](LaunchCommand asked) { return start_inspecting_observer(std::move(asked)); };
};

// Blocks until the user or a signal closes the window, which also ends the observed programs. Returns the exit status: 0, 128
// plus the signal, or 1 if no window could be opened (prints the reason to standard error). `procatlas` asks
// `find_display` first.
[[nodiscard]] int run_window(const WindowOptions& options);

}  // namespace procatlas
