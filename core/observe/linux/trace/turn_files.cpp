#include "core/observe/linux/trace/turn_files.h"

#include <linux/kcmp.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "core/observe/linux/proc/copied_bytes.h"
#include "core/observe/linux/proc/proc_file.h"

namespace procatlas {

bool is_of_system(std::string_view path) {
    constexpr std::array<std::string_view, 9> folders{"/usr/",     "/lib",      "/etc/",        "/proc/",     "/sys/",
                                                      "/dev/null", "/dev/zero", "/dev/urandom", "/dev/random"};
    return path.empty() || std::ranges::any_of(folders, [&](std::string_view folder) { return path.starts_with(folder); });
}

bool is_terminal(std::string_view target) {
    return target.starts_with("/dev/pts/") || target.starts_with("/dev/tty");
}

std::string target_of(const TracedThread& thread, std::uint64_t descriptor) {
    return read_proc_link(thread.tid, ("fd/" + std::to_string(static_cast<std::int32_t>(descriptor))).c_str()).value_or("");
}

bool shares_offset(const TracedThread& thread, std::uint64_t descriptor, Tracees& tracees) {
    return std::ranges::any_of(tracees.processes(), [&](const auto& entry) {
        return entry.first != thread.process->key.pid && !entry.second.is_dead() &&
               ::syscall(SYS_kcmp, thread.tid, entry.first, KCMP_FILE, descriptor, descriptor) == 0;
    });
}

std::string string_at(pid_t tid, Address address) {
    constexpr Address page = 4096;
    const std::size_t size = page - address % page;
    std::string bytes = read_copied_bytes(tid, address, size);
    if (bytes.find('\0') == std::string::npos && bytes.size() == size) {
        bytes += read_copied_bytes(tid, address + size, page);
    }
    return bytes.substr(0, bytes.find('\0'));
}

unsigned long open_flags(const TracedThread& thread, std::uint64_t descriptor) {
    const auto info =
        read_small_proc_file(thread.tid, ("fdinfo/" + std::to_string(static_cast<std::int32_t>(descriptor))).c_str());
    const std::size_t at = info ? info->find("flags:") : std::string::npos;
    return at == std::string::npos ? 0 : std::strtoul(info->c_str() + at + 6, nullptr, 8);
}

}  // namespace procatlas
