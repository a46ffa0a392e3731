// What an exec kept, closed and replaced, in words; of one that failed, why, and that nothing changed. Pure.
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

// Of the event at `moment`; empty where it is neither an exec nor a failed one. `world`: that of the moment.
[[nodiscard]] std::vector<ExecFact> exec_facts(const MomentContext& context);

// "0 /dev/pts/1, 3 pipe:[77] (reads)", safe to show; the first of many, and how many more there are.
[[nodiscard]] std::string descriptors_text(const std::vector<OpenDescriptor>& descriptors, const Messages& words);

}  // namespace procatlas
