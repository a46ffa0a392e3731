#include "core/observe/linux/proc/terminal_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>

namespace procatlas {
namespace {

constexpr unsigned identity = STATX_INO | STATX_TYPE;

// /dev/tty is the controlling terminal of whoever opens it (tty(4)): device 5, 0.
bool is_controlling_terminal(const struct statx& file) {
    return S_ISCHR(file.stx_mode) && file.stx_rdev_major == 5 && file.stx_rdev_minor == 0;
}

}  // namespace

TerminalFile::TerminalFile(const std::string& path) {
    struct statx file{};
    if (::statx(AT_FDCWD, path.c_str(), 0, identity, &file) == 0) {
        device_major_ = file.stx_dev_major;
        device_minor_ = file.stx_dev_minor;
        inode_ = file.stx_ino;
    }
}

bool TerminalFile::is_behind(pid_t thread, std::int32_t descriptor) const {
    std::array<char, 64> path;
    *fmt::format_to_n(path.data(), path.size() - 1, "/proc/{}/fd/{}", thread, descriptor).out = '\0';
    struct statx file{};
    if (inode_ == 0 || ::statx(AT_FDCWD, path.data(), AT_STATX_DONT_SYNC, identity, &file) != 0) {
        return false;
    }
    if (is_controlling_terminal(file)) {
        return ::getsid(thread) == ::getsid(0);  // the terminal is that of our session
    }
    return file.stx_ino == inode_ && file.stx_dev_major == device_major_ && file.stx_dev_minor == device_minor_;
}

}  // namespace procatlas
