// System calls after which the kernel may refuse us the memory of the process (ptrace(2), "dumpable"): what we have changed in
// it must be put right before.
#pragma once

#include "core/observe/linux/trace/call_stop.h"

namespace procatlas {

[[nodiscard]] bool may_hide_memory(const PendingCall& call);

}  // namespace procatlas
