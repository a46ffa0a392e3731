#include "core/base/identity.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <system_error>

namespace procatlas {
namespace {

bool users_may_read_theirs() {
    std::ifstream scope("/proc/sys/kernel/yama/ptrace_scope");
    return !scope || scope.get() == '0';
}

std::optional<std::uint32_t> number_of(std::string_view text) {
    std::uint32_t number = 0;
    const char* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, number);
    return parsed.ec == std::errc() && parsed.ptr == end ? std::optional(number) : std::nullopt;
}

// The number at `place` behind the name of the line: real, effective, saved and that for files.
std::uint32_t field(const std::string& line, int place) {
    std::istringstream words(line.substr(line.find(':') + 1));
    std::uint32_t number = 0;
    for (int i = 0; i <= place; ++i) {
        words >> number;
    }
    return number;
}

// Asks no file system, which might never answer: what the kernel knows is enough.
bool may_read(const Identity& identity, const std::string& file) {
    struct statx status{};
    if (::statx(AT_FDCWD, file.c_str(), AT_STATX_DONT_SYNC, STATX_MODE | STATX_UID | STATX_GID, &status) != 0) {
        return false;
    }
    const auto in_group = std::ranges::find(identity.groups, status.stx_gid) != identity.groups.end();
    const mode_t bit = status.stx_uid == identity.user ? S_IRUSR : in_group ? S_IRGRP : S_IROTH;
    return (status.stx_mode & bit) != 0;
}

}  // namespace

std::optional<Identity> identity_of_process(pid_t pid) {
    const std::string folder = fmt::format("/proc/{}", pid);
    struct stat status{};
    if (pid <= 0 || ::geteuid() != 0 || ::stat(folder.c_str(), &status) != 0 || status.st_uid == 0 ||
        !users_may_read_theirs()) {
        return std::nullopt;
    }
    constexpr int effective = 1;
    Identity identity;
    std::ifstream file(folder + "/status");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with("Uid:")) {
            // Whoever changes users in between is read with both only by root (ptrace(2), "Ptrace access mode checking").
            identity.user = field(line, 0) == field(line, effective) && field(line, 0) == field(line, 2) ? field(line, 0) : 0;
        } else if (line.starts_with("Gid:")) {
            identity.groups.push_back(field(line, effective));
            if (field(line, 0) != field(line, effective) || field(line, 0) != field(line, 2)) {
                return std::nullopt;
            }
        } else if (line.starts_with("Groups:")) {
            std::istringstream words(line.substr(line.find(':') + 1));
            for (gid_t group = 0; words >> group;) {
                identity.groups.push_back(group);
            }
        }
    }
    const bool whole = identity.user == status.st_uid && !identity.groups.empty();
    return whole && may_read(identity, folder + "/exe") ? std::optional(std::move(identity)) : std::nullopt;
}

std::optional<Identity> identity_of_owner(uid_t user, gid_t group) {
    return ::geteuid() == 0 && user != 0 ? std::optional(Identity{user, {group}}) : std::nullopt;
}

std::string identity_word(const Identity& identity) {
    return fmt::format("{}:{}", identity.user, fmt::join(identity.groups, ","));
}

std::optional<Identity> parse_identity(std::string_view word) {
    const std::size_t colon = word.find(':');
    const auto user = number_of(word.substr(0, colon));
    if (!user || colon == std::string_view::npos) {
        return std::nullopt;
    }
    Identity identity{*user, {}};
    for (std::string_view rest = word.substr(colon + 1);;) {
        const std::size_t comma = rest.find(',');
        const auto group = number_of(rest.substr(0, comma));
        if (!group) {
            return std::nullopt;
        }
        identity.groups.push_back(*group);
        if (comma == std::string_view::npos) {
            return identity;
        }
        rest.remove_prefix(comma + 1);
    }
}

}  // namespace procatlas
