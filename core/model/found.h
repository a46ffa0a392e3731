// A process that was there before anybody looked: what the kernel says of it then. It is what was found, not what happened.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace procatlas {

// A process above the first one that is shown: it is named, and nothing else is known of it.
struct Ancestor {
    std::int32_t pid = 0;
    std::string name{};  // as the kernel has it (/proc/PID/comm), raw; of a long one the file's name, if that begins alike
    bool leads_session = false;  // setsid(2): a login shell, or whoever has a terminal of its own

    bool operator==(const Ancestor&) const = default;
};

// kernel: a thread of the kernel, which has no program and no memory of its own.
enum class FoundState : std::uint8_t { running, stopped, zombie, kernel };

struct FoundProcess {
    std::int32_t parent_pid = 0;
    FoundState state = FoundState::running;
    bool again = false;  // it was found before, and is told anew because something of this is different now
    std::string name{};  // /proc/PID/comm: at most 15 raw bytes, which the process may have chosen
    std::string path{};  // /proc/PID/exe; empty: the kernel does not say (another person's), or it has none
    std::vector<std::string> arguments{};
    bool arguments_cut = false;
    std::vector<std::int32_t> threads{};  // the first one is the leader; empty: not read
    std::vector<Ancestor> ancestors{};    // of the first process that is found, its parent first; else empty

    bool operator==(const FoundProcess&) const = default;
};

// Why a running process cannot be followed.
enum class AttachRefusal : std::uint8_t {
    none,
    no_process,      // nobody has that number
    thread,          // it is a thread of the process in `detail`
    kernel,          // a thread of the kernel, which has no program
    ended,           // a zombie
    leader_ended,    // its first thread has ended, others go on
    first_of_all,    // the first process of its PID namespace
    ourselves,       // procatlas
    traced,          // by the process in `detail`: a process has one tracer
    other_user,      // it belongs to the user in `detail`
    yama,            // kernel.yama.ptrace_scope, in `detail`, allows only what oneself has started
    not_permitted,   // the kernel does not say more: not dumpable, more privileged, or of another namespace
    grain_too_fine,  // see attach.h
    other,           // `detail` is what the kernel said
};

}  // namespace procatlas
