// Which system calls hide something from whoever lets threads take turns (core/model/turns.h).
#pragma once

#include <string_view>

#include "core/observe/linux/trace/call_stop.h"
#include "core/observe/linux/trace/tracees.h"

namespace procatlas {

// Of a thread at the entry of `call`: one of turns_limit; empty: it hides nothing.
[[nodiscard]] std::string_view turns_limit_of(const TracedThread& thread, const PendingCall& call);

// It only sleeps for a time.
[[nodiscard]] bool is_sleep(const PendingCall& call);

}  // namespace procatlas
