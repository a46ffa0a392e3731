// A recording in the Trace Event Format, which Perfetto and chrome://tracing open.
#pragma once

#include <string>

#include "core/model/recording.h"
#include "core/narrate/messages.h"

namespace procatlas {

// One JSON object. A process for each PID, with its program as its name; in it a complete slice for each program that it ran
// and one for the zombie, an instant for each signal, output and memory call, and a flow from each fork to its child. Times are
// microseconds since the start. A PID that was used again goes on in the same track.
[[nodiscard]] std::string recording_trace_events(const Recording& recording, const Messages& words);

}  // namespace procatlas
