// Running a real program under the real observer, to its end or to the deadline.
#pragma once

#include <doctest/doctest.h>
#include <grp.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/model/recording.h"
#include "core/observe/observer.h"

namespace procatlas::live {

inline std::string fixture(const std::string& name) {
    return std::string(PROCATLAS_BUILD_DIR) + "/bin/fixtures/" + name;
}
inline std::string sample(const std::string& name) {
    return std::string(PROCATLAS_BUILD_DIR) + "/bin/programs/" + name;
}

inline LaunchCommand command(std::vector<std::string> arguments) {
    LaunchCommand launch;
    launch.arguments = std::move(arguments);
    launch.environment = {"PATH=/usr/local/bin:/usr/bin:/bin:/sbin", "LC_ALL=C.UTF-8", "TERM=dumb", "HOME=/tmp"};
    return launch;
}

struct Run {
    Recording recording;
    bool ended = false;  // before the deadline
    std::string error;   // the observer could not be started
};

using Look = std::function<void(const ObservedEvent&, Observer&)>;

inline Run run(const LaunchCommand& launch, const Look& look = {}, std::chrono::seconds patience = std::chrono::seconds(60)) {
    Run result;
    auto observer = start_observer(launch);
    if (!observer) {
        result.error = observer.error().message;
        return result;
    }
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!(*observer)->ended()) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0) {
            return result;
        }
        pollfd ready{(*observer)->descriptor(), POLLIN, 0};
        ::poll(&ready, 1, static_cast<int>(left.count()));
        for (ObservedEvent& event : (*observer)->receive()) {
            result.recording.append(event);
            if (look) {
                look(event, **observer);
            }
        }
    }
    result.ended = true;
    return result;
}

// Pointers into the recording: its events, without their maps.
template <typename Detail>
std::vector<const Event*> events_of(const Recording& recording) {
    std::vector<const Event*> found;
    for (const Event& event : recording.events()) {
        if (std::holds_alternative<Detail>(event.detail)) {
            found.push_back(&event);
        }
    }
    return found;
}

// What all processes, or one, wrote to the terminal.
inline std::string output_of(const Recording& recording, ProcessKey process = {}) {
    std::string text;
    for (const std::size_t moment : recording.output_moments()) {
        const Event& event = recording.events()[moment];
        if (!process || event.process == process) {
            text += std::get<OutputEvent>(event.detail).text;
        }
    }
    return text;
}

// Exit code of the first program, 128 + signal where a signal ended it, -1 where it never ended.
inline int status_of(const Recording& recording) {
    const World& world = recording.last_world();
    if (world.processes.empty() || !world.processes.front().exit) {
        return -1;
    }
    const ExitEvent& exit = *world.processes.front().exit;
    return exit.signal ? 128 + *exit.signal : exit.code.value_or(-1);
}

// Runs `check`, which says 0 where all is well, in a process of its own that gives root away for good. nullopt: `program` is
// closed to other users.
template <typename Check>
std::optional<int> status_unprivileged(const std::string& program, Check check) {
    constexpr int closed = 77;
    const pid_t child = ::fork();
    if (child == 0) {
        if (::geteuid() == 0 && (::setgroups(0, nullptr) != 0 || ::setgid(65534) != 0 || ::setuid(65534) != 0)) {
            ::_exit(2);
        }
        ::_exit(::access(program.c_str(), X_OK) == 0 ? check() : closed);
    }
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    REQUIRE(WIFEXITED(status));
    if (WEXITSTATUS(status) == closed) {
        MESSAGE("not checked: the build folder is closed to other users");
        return std::nullopt;
    }
    return WEXITSTATUS(status);
}

}  // namespace procatlas::live
