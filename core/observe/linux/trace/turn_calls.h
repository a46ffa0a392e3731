// Which system calls others could notice, and what of theirs a call touches (core/model/turns.h). Reads /proc of a stopped
// thread and never the file system.
#pragma once

#include <optional>

#include "core/model/turns.h"
#include "core/observe/linux/trace/call_stop.h"
#include "core/observe/linux/trace/tracees.h"

namespace procatlas {

// A thread at the entry of `call`. nullopt: nobody else could notice the call, such as a read of a file of the system.
[[nodiscard]] std::optional<Standing> standing_before(const TracedThread& thread, const PendingCall& call, Tracees& tracees);

// A thread that is about to be ended, in whichever way.
[[nodiscard]] Standing standing_before_end(const TracedThread& thread, Tracees& tracees);

}  // namespace procatlas
