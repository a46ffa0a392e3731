// /proc/PID/status (proc(5)): what is in no other file.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>

namespace procatlas {

// Whether this very thread's process traces `pid` (TracerPid). Async-signal-safe.
[[nodiscard]] bool is_traced_by_us(pid_t pid);

// Who traces it; 0: nobody, or it is gone.
[[nodiscard]] pid_t tracer_of(pid_t pid);
// Its effective user; nullopt: it is gone.
[[nodiscard]] std::optional<uid_t> user_of(pid_t pid);

// Whether SIGCHLD is ignored: then the kernel itself reaps its children.
[[nodiscard]] bool ignores_children(pid_t pid);

// Whether a handler of the program would run if the kernel raised that signal in the thread: it is caught and not blocked.
[[nodiscard]] bool handles_signal(pid_t tid, int signal);

// A signal that waits for the thread and would do something to it as soon as it goes on: run a handler, end or stop it.
// nullopt: there is none; one that is ignored or blocked does not count.
struct DueSignal {
    int number = 0;
    bool caught = false;  // by a handler
};
[[nodiscard]] std::optional<DueSignal> due_signal(pid_t tid);
// Whether any that is not blocked waits for it, also one that is ignored.
[[nodiscard]] bool has_pending_signal(pid_t tid);

// How many seccomp filters a thread is under; nullopt: the kernel does not say (before Linux 5.9), or it is gone.
[[nodiscard]] std::optional<int> seccomp_filters_of(pid_t tid);

// The number of a process in its own PID namespace, where that is below ours; 0: it is in ours, or gone.
[[nodiscard]] pid_t number_in_its_namespace(pid_t pid);

// The process that the thread `tid` belongs to, and the parent of that (Tgid and PPid); 0: it is gone.
struct ThreadOwner {
    pid_t process = 0;
    pid_t parent = 0;
};
[[nodiscard]] ThreadOwner owner_of_thread(pid_t tid);

// A number that stays the same as long as the only thread of a process does not run: of its context switches. 0: it runs, or
// has other threads, or is gone. Read twice the same, and not 0: it has not run between.
[[nodiscard]] std::uint64_t rest_of(pid_t pid);

}  // namespace procatlas
