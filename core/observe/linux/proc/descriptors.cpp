#include "core/observe/linux/proc/descriptors.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <limits.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/unique_fd.h"
#include "core/observe/linux/proc/proc_file.h"

namespace procatlas {
namespace {

constexpr std::size_t most_descriptors = 256;

// One entry as getdents64(2) gives it.
struct Entry {
    std::uint64_t inode;
    std::int64_t offset;
    std::uint16_t size;
    std::uint8_t type;
    char name[1];
};

// The numbers of the entries of /proc/PID/fd, ascending. Asks until nothing more comes: getdents64(2) stops early, after any
// number of entries, while a signal waits for us (the kernel's filldir64), and a short answer is not yet the end.
std::vector<std::int32_t> numbers_in(int folder) {
    alignas(Entry) std::array<char, 8192> buffer;
    std::vector<std::int32_t> numbers;
    while (true) {
        const long got = ::syscall(SYS_getdents64, folder, buffer.data(), buffer.size());
        for (long at = 0; at < got;) {
            const char* entry = buffer.data() + at;
            std::uint16_t size = 0;
            std::memcpy(&size, entry + offsetof(Entry, size), sizeof size);
            const std::string_view name = entry + offsetof(Entry, name);
            std::int32_t number = 0;
            if (std::from_chars(name.data(), name.data() + name.size(), number).ec == std::errc()) {
                numbers.push_back(number);
            }
            at += size;
        }
        if (got <= 0) {
            break;
        }
    }
    std::ranges::sort(numbers);
    return numbers;
}

// "flags:	0100002", in octal.
void take_flags(std::string_view text, OpenDescriptor& descriptor) {
    constexpr std::string_view name = "flags:\t";
    const auto at = text.find(name);
    unsigned flags = 0;
    if (at != std::string_view::npos) {
        std::from_chars(text.data() + at + name.size(), text.data() + text.size(), flags, 8);
    }
    descriptor.close_on_exec = (flags & O_CLOEXEC) != 0;
    descriptor.reads = (flags & O_ACCMODE) != O_WRONLY;
    descriptor.writes = (flags & O_ACCMODE) != O_RDONLY;
}

// Its first lines are enough. False: closed meanwhile.
bool read_flags(int folder, std::int32_t number, OpenDescriptor& descriptor) {
    std::array<char, 32> path;
    *fmt::format_to_n(path.data(), path.size() - 1, "../fdinfo/{}", number).out = '\0';
    const UniqueFd file(::openat(folder, path.data(), O_RDONLY | O_CLOEXEC));
    std::array<char, 256> text;
    const ssize_t got = file ? ::read(file.get(), text.data(), text.size()) : -1;
    if (got <= 0) {
        return false;
    }
    take_flags({text.data(), static_cast<std::size_t>(got)}, descriptor);
    return true;
}

}  // namespace

std::size_t count_descriptors(pid_t pid) {
    struct statx folder{};
    const std::string path = fmt::format("/proc/{}/fd", pid);
    return ::statx(AT_FDCWD, path.c_str(), AT_STATX_DONT_SYNC, STATX_SIZE, &folder) == 0 ? folder.stx_size : 0;
}

std::optional<Descriptors> read_descriptors(pid_t pid) {
    const UniqueFd folder(::open(fmt::format("/proc/{}/fd", pid).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder) {
        return std::nullopt;
    }
    Descriptors found;
    for (const std::int32_t number : numbers_in(folder.get())) {
        if (found.open.size() == most_descriptors) {
            found.cut = true;
            break;
        }
        OpenDescriptor descriptor;
        descriptor.number = number;
        std::array<char, PATH_MAX> target;
        const ssize_t size = ::readlinkat(folder.get(), std::to_string(number).c_str(), target.data(), target.size());
        if (size < 0 || !read_flags(folder.get(), number, descriptor)) {
            continue;  // closed meanwhile, by another thread
        }
        descriptor.target.assign(target.data(), static_cast<std::size_t>(size));
        found.open.push_back(std::move(descriptor));
    }
    found.working_folder = read_proc_link(pid, "cwd").value_or("");
    return found;
}

}  // namespace procatlas
