// One run of a program that takes turns, or that the system schedules, to its end. Blocks.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/explore/chooser.h"
#include "core/explore/choosing_observer.h"
#include "core/explore/outcome.h"
#include "core/model/command.h"

namespace procatlas {

struct OneRun {
    Outcome outcome;
    std::vector<std::string> raw;  // the lines as they were printed, with their PIDs
    TurnsTaken taken;
    std::size_t launcher_execs = 0;  // outcome.h
};

// `launch` as explorations need it.
[[nodiscard]] LaunchCommand exploring(LaunchCommand launch);

// `chooser`: null: the system schedules. `file`: where the recording is kept; empty: nowhere. Error: the program cannot be
// started, did not end within the time, or the file cannot be written.
[[nodiscard]] Result<OneRun> run_once(const LaunchCommand& launch, Chooser* chooser, std::chrono::milliseconds patience,
                                      const std::filesystem::path& file = {}, const std::string& title = {});

}  // namespace procatlas
