// A recording in the Trace Event Format, which Perfetto and chrome://tracing open.
#pragma once

#include <string>

#include "core/model/recording.h"
#include "core/narrate/messages.h"

namespace procatlas {

// One JSON object, with a process for each PID, named after its program. Each has a complete slice for every program that it
// ran and one for the zombie, and an instant for each signal, output and memory call. A flow leads from each fork to its child.
// Times are microseconds since the start. A reused PID continues in the same track.
[[nodiscard]] std::string recording_trace_events(const Recording& recording, const Messages& words);

}  // namespace procatlas
