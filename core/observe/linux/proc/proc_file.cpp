#include "core/observe/linux/proc/proc_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <limits.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "core/base/unique_fd.h"

namespace procatlas {
namespace {

using PathBuffer = std::array<char, 64>;

const char* proc_path(PathBuffer& buffer, pid_t pid, const char* name) {
    const auto result = fmt::format_to_n(buffer.data(), buffer.size() - 1, "/proc/{}/{}", pid, name);
    *result.out = '\0';
    return buffer.data();
}

bool ends_with_line(std::string_view text, std::string_view beginning) {
    if (beginning.empty() || !text.ends_with('\n')) {
        return false;
    }
    text.remove_suffix(1);
    return text.substr(text.rfind('\n') + 1).starts_with(beginning);  // npos + 1 is 0
}

}  // namespace

Result<void> read_proc_file(pid_t pid, const char* name, std::size_t limit, std::string& out,
                            std::string_view last_line) {
    PathBuffer path;
    const UniqueFd fd(::open(proc_path(path, pid, name), O_RDONLY | O_CLOEXEC));
    if (!fd) {
        return std::unexpected(system_error(path.data(), errno));
    }
    // seq_file answers with at most a page or so a read, so small steps lose nothing.
    constexpr std::size_t step = 8192;
    const std::size_t begin = out.size();
    while (out.size() - begin < limit) {
        const std::size_t used = out.size();
        const std::size_t wanted = std::min(step, limit - (used - begin));
        if (out.capacity() < used + wanted) {
            out.reserve(std::max(used + wanted, 2 * used));
        }
        ssize_t got = 0;
        out.resize_and_overwrite(used + wanted, [&](char* bytes, std::size_t) {  // no zeros first
            got = ::read(fd.get(), bytes + used, wanted);
            return used + static_cast<std::size_t>(std::max<ssize_t>(got, 0));
        });
        if (got < 0 && errno != EINTR) {
            return std::unexpected(system_error(path.data(), errno));
        }
        if (got == 0 || ends_with_line(std::string_view(out).substr(begin), last_line)) {
            break;
        }
    }
    return {};
}

Result<std::string> read_proc_file(pid_t pid, const char* name, std::size_t limit) {
    std::string out;
    if (auto done = read_proc_file(pid, name, limit, out); !done) {
        return std::unexpected(done.error());
    }
    return out;
}

Result<std::string> read_proc_link(pid_t pid, const char* name) {
    PathBuffer path;
    std::array<char, PATH_MAX> target;
    const ssize_t size = ::readlink(proc_path(path, pid, name), target.data(), target.size());
    if (size < 0) {
        return std::unexpected(system_error(path.data(), errno));
    }
    return std::string(target.data(), static_cast<std::size_t>(size));
}

bool process_exists(pid_t pid) {
    return ::kill(pid, 0) == 0 || errno == EPERM;
}

bool lost_its_privilege(pid_t pid) {
    PathBuffer path;
    struct statx file{};
    const unsigned wanted = STATX_MODE | STATX_UID;
    if (::statx(AT_FDCWD, proc_path(path, pid, "exe"), AT_STATX_DONT_SYNC, wanted, &file) != 0 ||
        (file.stx_mode & S_ISUID) == 0) {
        return false;
    }
    // The folder belongs to whom the process has as its effective user.
    struct statx process{};
    return ::statx(AT_FDCWD, proc_path(path, pid, "task"), 0, STATX_UID, &process) == 0 && process.stx_uid != file.stx_uid;
}

bool is_thread_of(pid_t pid, pid_t thread) {
    PathBuffer path;
    std::array<char, 32> name;
    *fmt::format_to_n(name.data(), name.size() - 1, "task/{}", thread).out = '\0';
    return ::access(proc_path(path, pid, name.data()), F_OK) == 0;
}

}  // namespace procatlas
