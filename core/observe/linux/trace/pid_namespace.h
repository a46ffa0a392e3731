// Processes in a PID namespace of their own have two numbers (pid_namespaces(7)). We tell ours; the kernel tells a process those
// of its own namespace.
#pragma once

#include "core/observe/linux/trace/tracees.h"

namespace procatlas {

// Asks once; a process never changes its namespace.
[[nodiscard]] bool is_in_our_pid_namespace(TracedProcess& process);

// Our number of the process that `process` knows by `number`; 0: it is none that we follow.
[[nodiscard]] pid_t our_number_of(Tracees& tracees, TracedProcess& process, pid_t number);

}  // namespace procatlas
