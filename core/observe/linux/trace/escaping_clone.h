// Clones with CLONE_UNTRACED would make processes that nobody follows, and in which the calls that our filter selects fail. The
// flag is taken away at the entry of the call, and put back where the program may see it.
#pragma once

#include "core/observe/linux/trace/tracees.h"

namespace procatlas {

// At the entry of clone or clone3. Unless it is kept, the return is to stop the thread.
[[nodiscard]] UntracedFlag take_untraced_flag(const TracedThread& thread, const PendingCall& call);
// At the return.
void put_untraced_flag_back(const TracedThread& thread, const PendingCall& call, UntracedFlag how);

}  // namespace procatlas
