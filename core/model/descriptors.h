// The open files of a process (proc(5): /proc/PID/fd, /proc/PID/fdinfo, /proc/PID/cwd).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace procatlas {

struct OpenDescriptor {
    std::int32_t number = 0;
    std::string target;  // as the kernel names it: "/dev/pts/3", "pipe:[1234]", "socket:[5]"
    bool reads = false;
    bool writes = false;
    bool close_on_exec = false;

    [[nodiscard]] bool is_pipe() const { return target.starts_with("pipe:["); }
    bool operator==(const OpenDescriptor&) const = default;
};

struct Descriptors {
    std::vector<OpenDescriptor> open;    // ascending
    std::vector<OpenDescriptor> closed;  // closed by the exec of this event, because they were close-on-exec
    std::string working_folder;
    bool cut = false;  // there are more than were read

    bool operator==(const Descriptors&) const = default;
};

}  // namespace procatlas
