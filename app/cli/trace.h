// `procatlas trace`: follow a program without a window, then tell what happened.
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
    std::filesystem::path recording_file;  // empty: none is written
    std::string title;                     // of the recording
    std::string only;                      // narrows the finer grains (InspectingObserver)
};

// Blocks until all processes have ended. Ctrl-C goes to the traced program; a second one ends all. The exit status of
// procatlas: 0 done, 1 failed (the program could not be started or followed, the cap on processes ended it, or the recording
// file is not whole).
[[nodiscard]] int trace(const TraceOptions& options, const Messages& words);

}  // namespace procatlas
