// The names of what acts touch, beside files, which have their own (core/model/turns.h); and of signals, for a person.
#pragma once

#include <string.h>
#include <sys/types.h>

#include <string>
#include <string_view>

namespace procatlas {

// All names of files: whoever makes or removes one changes what others find.
inline constexpr std::string_view file_names = "names";

// Whether a child lives, and who has waited for it.
[[nodiscard]] inline std::string thing_of_child(pid_t pid) {
    return "child " + std::to_string(pid);
}
// Which of its children a parent finds ended.
[[nodiscard]] inline std::string thing_of_children(pid_t parent) {
    return "children of " + std::to_string(parent);
}
// Who the parent of a process is.
[[nodiscard]] inline std::string thing_of_parent(pid_t pid) {
    return "parent of " + std::to_string(pid);
}
// What SIGCHLD does to a parent: whether it is kept, and for whom.
[[nodiscard]] inline std::string thing_of_end_signal(pid_t parent) {
    return "SIGCHLD of " + std::to_string(parent);
}

// "SIGUSR1"; of one without a name its number.
[[nodiscard]] inline std::string signal_name(int number) {
    const char* name = ::sigabbrev_np(number);
    return name != nullptr ? std::string("SIG") + name : std::to_string(number);
}

}  // namespace procatlas
