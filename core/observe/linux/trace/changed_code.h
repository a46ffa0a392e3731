// Where a program has changed its own code, our breakpoints there may be gone, and what is told of its calls is not all.
#pragma once

#include <limits>

#include "core/base/address.h"
#include "core/observe/linux/trace/event_sink.h"
#include "core/observe/linux/trace/tracees.h"

namespace procatlas {

inline constexpr AddressRange whole_memory{0, std::numeric_limits<Address>::max()};

// Whether the breakpoints in the memory of the stopped thread still stand; tells once of a memory that they do not.
void look_for_changed_code(EventSink& sink, const TracedThread& thread, AddressRange where = whole_memory);
// The same of what was noticed on the way.
void tell_changed_code(EventSink& sink, const TracedThread& thread);

}  // namespace procatlas
