#include "core/observe/linux/proc/proc_status.h"

#include <signal.h>

#include <charconv>
#include <cstdint>
#include <string_view>

#include "core/observe/linux/proc/proc_file.h"

namespace procatlas {
namespace {

// 0: not there.
std::uint64_t status_field(std::string_view status, std::string_view name, int base) {
    std::uint64_t value = 0;
    if (const auto at = status.find(name); at != std::string_view::npos) {
        std::from_chars(status.data() + at + name.size(), status.data() + status.size(), value, base);
    }
    return value;
}

}  // namespace

bool ignores_children(pid_t pid) {
    const auto status = read_proc_file(pid, "status", 8192);
    return status && (status_field(*status, "\nSigIgn:\t", 16) >> (SIGCHLD - 1) & 1) != 0;
}

ThreadOwner owner_of_thread(pid_t tid) {
    const auto status = read_proc_file(tid, "status", 8192);
    return status ? ThreadOwner{static_cast<pid_t>(status_field(*status, "\nTgid:\t", 10)),
                                static_cast<pid_t>(status_field(*status, "\nPPid:\t", 10))}
                  : ThreadOwner{};
}

}  // namespace procatlas
