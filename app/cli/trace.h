// `procatlas trace`: follow a program without a window, then tell what happened.
#pragma once

#include <cstdint>

#include "core/layout/words.h"
#include "core/model/command.h"

namespace procatlas {

struct TraceOptions {
    LaunchCommand launch;
    bool json = false;
};

// Blocks until all processes have ended. Ctrl-C goes to the traced program; a second one ends all. The exit status of
// procatlas: 0 done, 1 failed (the program could not be started or followed, or the cap on processes ended it).
[[nodiscard]] int trace(const TraceOptions& options, const Words& words);

}  // namespace procatlas
