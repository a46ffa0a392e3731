// /proc/PID/status (proc(5)): what is in no other file.
#pragma once

#include <sys/types.h>

namespace procatlas {

// Whether SIGCHLD is ignored: then the kernel itself reaps its children.
[[nodiscard]] bool ignores_children(pid_t pid);

// The process that the thread `tid` belongs to, and the parent of that (Tgid and PPid); 0: it is gone.
struct ThreadOwner {
    pid_t process = 0;
    pid_t parent = 0;
};
[[nodiscard]] ThreadOwner owner_of_thread(pid_t tid);

}  // namespace procatlas
