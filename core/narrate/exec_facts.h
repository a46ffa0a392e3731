// Says what an exec kept, closed and replaced. For a failed exec, says why it failed and that nothing changed. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "core/model/descriptors.h"
#include "core/model/recording.h"
#include "core/narrate/messages.h"
#include "core/narrate/moment_context.h"

namespace procatlas {

struct ExecFact {
    std::string heading;  // "stays"
    std::string text;     // "PID 17925, PPID 17924, working folder /tmp"
};

// The facts of the event at `moment`. Empty if it is neither an exec nor a failed exec. `world`: the world at that moment.
[[nodiscard]] std::vector<ExecFact> exec_facts(const MomentContext& context);

// "0 /dev/pts/1, 3 pipe:[77] (reads)", safe to show. Names the first few descriptors and counts the rest.
[[nodiscard]] std::string descriptors_text(const std::vector<OpenDescriptor>& descriptors, const Messages& words);

}  // namespace procatlas
