// What a Python program tells of itself: a write to a descriptor that cannot exist (launch/syscall_filter.h), made by
// assets/python/sitecustomize.py. The call fails by itself afterwards. Anybody may write there: nothing is believed here but
// the kind and the bounds, and what the message says is taken apart elsewhere.
#pragma once

#include <optional>

#include "core/observe/linux/trace/call_stop.h"
#include "core/observe/linux/trace/gatherer.h"

namespace procatlas {

[[nodiscard]] bool is_program_message(const CallEntry& entry);

// At the entry of such a call. nullopt: it is none of ours, or of a finer grain than is wanted. Where the grain is another one
// than the hook seems to tell at, the call's error says so to it: ENXIO, lines are not wanted; ENOBUFS, they are.
[[nodiscard]] std::optional<Gathered> gather_program_message(Gatherer& gatherer, TracedThread& thread, const PendingCall& call);

}  // namespace procatlas
