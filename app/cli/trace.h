// `procatlas trace`: follows a program without a window, then reports what happened.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/model/command.h"
#include "core/narrate/messages.h"

namespace procatlas {

struct TraceOptions {
    LaunchCommand launch;
    bool json = false;
    std::filesystem::path recording_file;  // empty: writes none
    std::string title;                     // of the recording
    std::string only;                      // limits the finer grains (InspectingObserver)
};

// Blocks until all processes have ended. The first Ctrl-C goes to the traced program, a second one ends everything. Returns the
// exit status of procatlas: 0 for success, 1 for failure. It fails if the program could not be started or followed, if the
// process cap ended it, or if the recording file is incomplete.
[[nodiscard]] int trace(const TraceOptions& options, const Messages& words);

}  // namespace procatlas
