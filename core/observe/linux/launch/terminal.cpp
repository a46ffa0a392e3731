#include "core/observe/linux/launch/terminal.h"

#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>

namespace procatlas {

Result<Terminal> Terminal::open(std::uint16_t rows, std::uint16_t columns) {
    Terminal t;
    t.master_.reset(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK));
    std::array<char, PATH_MAX> path{};
    if (!t.master_ || ::grantpt(t.master()) != 0 || ::unlockpt(t.master()) != 0 ||
        ::ptsname_r(t.master(), path.data(), path.size()) != 0) {
        return std::unexpected(system_error("no terminal for the program (posix_openpt)", errno));
    }
    t.slave_path_ = path.data();
    t.slave_.reset(::open(path.data(), O_RDWR | O_NOCTTY | O_CLOEXEC));
    if (!t.slave_) {
        return std::unexpected(system_error(t.slave_path_, errno));
    }
    const winsize size{rows, columns, 0, 0};
    ::ioctl(t.slave(), TIOCSWINSZ, &size);
    ::setsid();  // fails where we lead a session already, which is as good
    if (::ioctl(t.slave(), TIOCSCTTY, 0) != 0) {
        return std::unexpected(system_error("the observer could not take its terminal", errno));
    }
    return t;
}

void Terminal::drain(std::string& out) {
    std::array<char, 16384> buffer;
    constexpr int at_once = 64;  // a writer that never stops must not keep us here
    for (int i = 0; i < at_once; ++i) {
        const ssize_t got = ::read(master(), buffer.data(), buffer.size());
        if (got > 0) {
            out.append(buffer.data(), static_cast<std::size_t>(got));
        } else if (got == 0 || errno != EINTR) {
            return;
        }
    }
}

bool Terminal::echoes() const {
    termios settings{};
    return ::tcgetattr(slave(), &settings) == 0 && (settings.c_lflag & ECHO) != 0;
}

bool Terminal::expands_newlines() const {
    termios settings{};
    constexpr tcflag_t both = OPOST | ONLCR;
    return ::tcgetattr(slave(), &settings) == 0 && (settings.c_oflag & both) == both;
}

void Terminal::type(std::string_view bytes) {
    pending_input_ += bytes;
    while (!pending_input_.empty()) {
        const ssize_t put = ::write(master(), pending_input_.data(), pending_input_.size());
        if (put > 0) {
            pending_input_.erase(0, static_cast<std::size_t>(put));
        } else if (put == 0 || errno != EINTR) {
            return;
        }
    }
}

}  // namespace procatlas
