// The files that a system call names, as far as the kernel tells of them in /proc: no file system is touched.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "core/base/address.h"
#include "core/observe/linux/trace/tracees.h"

namespace procatlas {

// What nobody changes while a student's program runs; no path at all too.
[[nodiscard]] bool is_of_system(std::string_view path);
[[nodiscard]] bool is_terminal(std::string_view target);
// Where a descriptor of the thread leads: a path, "pipe:[7]"; empty: it is not open.
[[nodiscard]] std::string target_of(const TracedThread& thread, std::uint64_t descriptor);
// As open(2) has them, in octal in /proc/PID/fdinfo.
[[nodiscard]] unsigned long open_flags(const TracedThread& thread, std::uint64_t descriptor);
// Whether another process has the very same open file, whose offset both move (open(2)). Nearly always by a fork, so under the
// same number.
[[nodiscard]] bool shares_offset(const TracedThread& thread, std::uint64_t descriptor, Tracees& tracees);
// A string of the program, up to the end of its page and the next.
[[nodiscard]] std::string string_at(pid_t tid, Address address);

}  // namespace procatlas
