#include "core/inspect/elf/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <memory>
#include <optional>
#include <string_view>
#include <system_error>
#include <vector>

#include "core/base/address.h"
#include "core/inspect/elf/elf_image.h"

namespace procatlas {
namespace {

constexpr std::size_t page_size = 4096;

struct Unmap {
    void operator()(void* place) const { ::munmap(place, page_size); }
};

Result<std::string> read_own_map() {
    const UniqueFd file(::open("/proc/self/maps", O_RDONLY | O_CLOEXEC));
    std::string text;
    std::array<char, 16384> buffer;
    while (file) {
        const ssize_t size = ::read(file.get(), buffer.data(), buffer.size());
        if (size == 0) {
            return text;
        }
        if (size < 0 && errno != EINTR) {
            break;
        }
        text.append(buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    }
    return std::unexpected(system_error("cannot read /proc/self/maps", errno));
}

template <typename T>
bool take_number(std::string_view& text, T& number, int base, char behind) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const bool fine = error == std::errc() && text.starts_with(behind);
    text.remove_prefix(fine ? 1 : 0);
    return fine;
}

// The line of the mapping that begins at `start`: "start-end perms offset major:minor inode   path".
std::optional<FileIdentity> identity_at(std::string_view map, Address start) {
    while (!map.empty()) {
        std::string_view line = map.substr(0, map.find('\n'));
        map.remove_prefix(std::min(line.size() + 1, map.size()));
        Address begin = 0;
        Address end = 0;
        Address offset = 0;
        FileIdentity identity;
        if (!take_number(line, begin, 16, '-') || begin != start) {
            continue;
        }
        const bool read = take_number(line, end, 16, ' ');
        line.remove_prefix(std::min(line.find(' ') + 1, line.size()));
        const bool fine = read && take_number(line, offset, 16, ' ') && take_number(line, identity.device_major, 16, ':') &&
                          take_number(line, identity.device_minor, 16, ' ') && take_number(line, identity.inode, 10, ' ');
        return fine ? std::optional(identity) : std::nullopt;
    }
    return std::nullopt;
}

}  // namespace

Result<FileIdentity> identity_in_maps(int file) {
    void* const place = ::mmap(nullptr, page_size, PROT_READ, MAP_PRIVATE, file, 0);  // its pages are not touched
    if (place == MAP_FAILED) {
        return std::unexpected(system_error("the file cannot be mapped", errno));
    }
    const std::unique_ptr<void, Unmap> unmap(place);
    const auto map = read_own_map();
    if (!map) {
        return std::unexpected(map.error());
    }
    const auto identity = identity_at(*map, reinterpret_cast<std::uintptr_t>(place));
    return identity ? Result<FileIdentity>(*identity) : fail("the file is not in our own map");
}

Result<UniqueFd> open_mapped_file(pid_t pid, const std::string& path, const FileIdentity& identity) {
    std::vector<std::string> places;
    if (pid != 0) {
        const std::string root = "/proc/" + std::to_string(pid) + "/root";
        places.push_back(root + path);
        // A map names files outside of the reader's own root by their path from the root of all.
        std::error_code error;
        const std::string target = std::filesystem::read_symlink(root, error).native();
        if (!error && target.size() > 1 && path.starts_with(target + "/")) {
            places.push_back(root + path.substr(target.size()));
        }
    }
    places.push_back(path);
    std::optional<Error> why;
    bool opened = false;
    for (const std::string& place : places) {
        auto file = open_regular_file(place);
        if (!file) {
            why = file.error();
            continue;
        }
        opened = true;
        if (const auto found = identity_in_maps(file->get()); found && *found == identity) {
            return file;
        }
    }
    return opened ? fail("another file has taken its place: " + path) : std::unexpected(std::move(*why));
}

}  // namespace procatlas
