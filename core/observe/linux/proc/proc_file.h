// Reading the files of /proc/PID that hold kernel metadata, none of which can block.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace procatlas {

// The whole file, at most `limit` bytes of it. Error ENOENT or ESRCH: the process is gone.
[[nodiscard]] Result<std::string> read_proc_file(pid_t pid, const char* name, std::size_t limit);

// Appends to `out` instead, whose memory is used again and again.
// `last_line`: how the last line of a whole file begins, where there is one by which that is certain; it saves a read.
[[nodiscard]] Result<void> read_proc_file(pid_t pid, const char* name, std::size_t limit, std::string& out,
                                          std::string_view last_line = {});

// Where the link /proc/PID/name leads, as text; the target is not touched.
[[nodiscard]] Result<std::string> read_proc_link(pid_t pid, const char* name);

// True for a zombie, false once it was reaped.
[[nodiscard]] bool process_exists(pid_t pid);

// Whether the program that `pid` has just become has a set-user-ID bit that had no effect: a traced program runs without it.
// Asks the kernel for what it has of the file, never the file system.
[[nodiscard]] bool lost_its_privilege(pid_t pid);

// Whether `thread` belongs to the process `pid`.
[[nodiscard]] bool is_thread_of(pid_t pid, pid_t thread);

}  // namespace procatlas
