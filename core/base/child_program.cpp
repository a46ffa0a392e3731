#include "core/base/child_program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>

#include "core/base/unique_fd.h"

// POSIX requires programs to declare it.
extern char** environ;  // NOLINT(readability-redundant-declaration)

namespace procatlas {
namespace {

using Clock = std::chrono::steady_clock;

class SpawnPlan {
public:
    SpawnPlan() {
        ::posix_spawn_file_actions_init(&actions_);
        ::posix_spawnattr_init(&attributes_);
    }
    SpawnPlan(const SpawnPlan&) = delete;
    SpawnPlan& operator=(const SpawnPlan&) = delete;
    ~SpawnPlan() {
        ::posix_spawn_file_actions_destroy(&actions_);
        ::posix_spawnattr_destroy(&attributes_);
    }

    // Error: an errno.
    int add(const std::vector<ChildDescriptor>& descriptors) {
        int last = STDERR_FILENO;
        for (const ChildDescriptor& descriptor : descriptors) {
            last = std::max(last, descriptor.theirs);
        }
        for (const ChildDescriptor& descriptor : descriptors) {
            if (descriptor.ours < 0) {
                continue;
            }
            // Copies to numbers above all of theirs, so that no descriptor of ours is overwritten before its turn.
            copies_.emplace_back(::fcntl(descriptor.ours, F_DUPFD_CLOEXEC, last + 1));
            if (!copies_.back()) {
                return errno;
            }
            ::posix_spawn_file_actions_adddup2(&actions_, copies_.back().get(), descriptor.theirs);
        }
        for (const ChildDescriptor& descriptor : descriptors) {
            if (descriptor.ours < 0) {
                ::posix_spawn_file_actions_addopen(&actions_, descriptor.theirs, "/dev/null", O_RDWR, 0);
            }
        }
        for (int other = STDERR_FILENO + 1; other < last; ++other) {
            if (std::ranges::find(descriptors, other, &ChildDescriptor::theirs) == descriptors.end()) {
                ::posix_spawn_file_actions_addclose(&actions_, other);
            }
        }
        ::posix_spawn_file_actions_addclosefrom_np(&actions_, last + 1);
        return 0;
    }

    void clear_signals() {
        sigset_t none;
        sigset_t all;
        sigemptyset(&none);
        sigfillset(&all);
        ::posix_spawnattr_setsigmask(&attributes_, &none);
        ::posix_spawnattr_setsigdefault(&attributes_, &all);
        add_flags(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    }

    void block_keys() {
        sigset_t blocked;
        ::pthread_sigmask(SIG_SETMASK, nullptr, &blocked);
        for (const int signal : {SIGINT, SIGQUIT, SIGHUP}) {
            sigaddset(&blocked, signal);
        }
        sigdelset(&blocked, SIGTERM);
        ::posix_spawnattr_setsigmask(&attributes_, &blocked);
        add_flags(POSIX_SPAWN_SETSIGMASK);
    }

    void make_group() {
        ::posix_spawnattr_setpgroup(&attributes_, 0);
        add_flags(POSIX_SPAWN_SETPGROUP);
    }

    // Error: an errno.
    int spawn(pid_t& pid, std::vector<std::string> words) {
        std::vector<char*> arguments;
        arguments.reserve(words.size() + 1);
        for (std::string& word : words) {
            arguments.push_back(word.data());
        }
        arguments.push_back(nullptr);
        return ::posix_spawnp(&pid, arguments[0], &actions_, &attributes_, arguments.data(), environ);
    }

private:
    void add_flags(int flags) {
        short before = 0;
        ::posix_spawnattr_getflags(&attributes_, &before);
        ::posix_spawnattr_setflags(&attributes_, static_cast<short>(before | flags));
    }

    posix_spawn_file_actions_t actions_{};
    posix_spawnattr_t attributes_{};
    std::vector<UniqueFd> copies_;
};

int milliseconds_until(Clock::time_point deadline) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1'000'000'000));
}

// Reads until the other end is closed. False: it was not closed in time.
bool read_until(int descriptor, Clock::time_point deadline, std::string& text) {
    std::array<char, 65536> buffer;
    for (;;) {
        pollfd wait{descriptor, POLLIN, 0};
        const int ready = ::poll(&wait, 1, milliseconds_until(deadline));
        if (ready < 0 && errno == EINTR) {
            continue;
        }
        if (ready <= 0) {
            return false;
        }
        const ssize_t got = ::read(descriptor, buffer.data(), buffer.size());
        if (got == 0) {
            return true;
        }
        if (got < 0 && errno != EINTR) {
            return false;
        }
        text.append(buffer.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
    }
}

}  // namespace

Result<ChildProgram> ChildProgram::start(const ChildStart& start) {
    SpawnPlan plan;
    int error = plan.add(start.descriptors);
    switch (start.signals) {
        case ChildSignals::inherited:
            break;
        case ChildSignals::fresh:
            plan.clear_signals();
            break;
        case ChildSignals::without_keys:
            plan.block_keys();
            break;
    }
    if (start.group == ChildGroup::own) {
        plan.make_group();
    }
    pid_t pid = 0;
    error = error == 0 ? plan.spawn(pid, start.words) : error;
    if (error != 0) {
        return std::unexpected(system_error("cannot start " + start.words.front(), error));
    }
    return ChildProgram(pid, start);
}

ChildProgram::ChildProgram(ChildProgram&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)),
      group_(other.group_),
      kill_patience_(other.kill_patience_),
      killed_(other.killed_),
      status_(other.status_) {}

ChildProgram& ChildProgram::operator=(ChildProgram&& other) noexcept {
    if (this != &other) {
        kill();
        pid_ = std::exchange(other.pid_, 0);
        group_ = other.group_;
        kill_patience_ = other.kill_patience_;
        killed_ = other.killed_;
        status_ = other.status_;
    }
    return *this;
}

bool ChildProgram::reap(int options) {
    if (pid_ == 0) {
        return true;
    }
    pid_t got = 0;
    while ((got = ::waitpid(pid_, &status_, options)) < 0 && errno == EINTR) {
    }
    if (got != 0) {  // ECHILD: someone else has reaped it
        pid_ = 0;
    }
    return pid_ == 0;
}

bool ChildProgram::reaped() {
    return reap(WNOHANG);
}

bool ChildProgram::kill() {
    if (pid_ == 0 || std::exchange(killed_, true)) {
        return reap(WNOHANG);
    }
    ::kill(group_ == ChildGroup::own ? -pid_ : pid_, SIGKILL);
    return kill_patience_ ? wait_for_end(*kill_patience_).has_value() : reap(0);
}

std::optional<int> ChildProgram::wait_for_end(std::chrono::milliseconds most) {
    const Clock::time_point deadline = Clock::now() + most;
    if (!reap(WNOHANG)) {
        // glibc before 2.36 has no pidfd_open
        const UniqueFd handle(static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0)));
        pollfd wait{handle.get(), POLLIN, 0};
        while (handle && ::poll(&wait, 1, milliseconds_until(deadline)) < 0 && errno == EINTR) {
        }
    }
    return reap(WNOHANG) ? std::optional(status_) : std::nullopt;
}

Result<RanProgram> run_program(ChildStart start, std::chrono::milliseconds deadline) {
    const Clock::time_point until = Clock::now() + deadline;
    const std::string name = start.words.front();
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
        return std::unexpected(system_error("cannot start " + name, errno));
    }
    const UniqueFd ours(ends[0]);
    UniqueFd theirs(ends[1]);
    start.descriptors.push_back({STDOUT_FILENO, theirs.get()});
    auto program = ChildProgram::start(start);
    if (!program) {
        return std::unexpected(program.error());
    }
    theirs.reset();
    RanProgram ran;
    const bool closed = read_until(ours.get(), until, ran.output);
    const auto status =
        closed ? program->wait_for_end(std::chrono::milliseconds(milliseconds_until(until))) : std::optional<int>();
    if (!status) {
        return fail(name + " did not end in time");
    }
    ran.status = WIFEXITED(*status) ? WEXITSTATUS(*status) : 128 + WTERMSIG(*status);
    return ran;
}

}  // namespace procatlas
