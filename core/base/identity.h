// The user and groups that a program of ours takes before it reads what belongs to another user, where we are root.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace procatlas {

struct Identity {
    uid_t user = 0;
    std::vector<gid_t> groups;  // the first is the primary one; never empty

    bool operator==(const Identity&) const = default;
};

// Whom to become to read the process (proc_pid_status(5)). nullopt: we are not root; it is root's; it is gone; or its own user
// could not read it, because it has made itself undumpable, because of kernel.yama.ptrace_scope (ptrace(2)), because it
// executes a file that it may not read, or because it has another user namespace's number.
[[nodiscard]] std::optional<Identity> identity_of_process(pid_t pid);

// Whom to become to read a file of this user. nullopt: we are not root, or it is root's.
[[nodiscard]] std::optional<Identity> identity_of_owner(uid_t user, gid_t group);

// "1000:1000,27", as a word of a command line.
[[nodiscard]] std::string identity_word(const Identity& identity);
[[nodiscard]] std::optional<Identity> parse_identity(std::string_view word);

}  // namespace procatlas
