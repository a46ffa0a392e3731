#include "core/observe/linux/proc/descriptors.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <limits.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <memory>
#include <string_view>
#include <vector>

#include "core/observe/linux/proc/proc_file.h"

namespace procatlas {
namespace {

constexpr std::size_t most_descriptors = 256;

struct CloseFolder {
    void operator()(DIR* folder) const { ::closedir(folder); }
};

// The numbers of the entries of /proc/PID/fd, ascending.
std::vector<std::int32_t> numbers_in(DIR* folder) {
    std::vector<std::int32_t> numbers;
    while (const dirent* entry = ::readdir(folder)) {
        const std::string_view name = entry->d_name;
        std::int32_t number = 0;
        if (std::from_chars(name.data(), name.data() + name.size(), number).ec == std::errc()) {
            numbers.push_back(number);
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

}  // namespace

std::optional<Descriptors> read_descriptors(pid_t pid) {
    const std::unique_ptr<DIR, CloseFolder> folder(::opendir(fmt::format("/proc/{}/fd", pid).c_str()));
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
        const ssize_t size = ::readlinkat(::dirfd(folder.get()), std::to_string(number).c_str(), target.data(), target.size());
        const auto flags = read_proc_file(pid, fmt::format("fdinfo/{}", number).c_str(), 256);
        if (size < 0 || !flags) {
            continue;  // closed meanwhile, by another thread
        }
        descriptor.target.assign(target.data(), static_cast<std::size_t>(size));
        take_flags(*flags, descriptor);
        found.open.push_back(std::move(descriptor));
    }
    found.working_folder = read_proc_link(pid, "cwd").value_or("");
    return found;
}

}  // namespace procatlas
