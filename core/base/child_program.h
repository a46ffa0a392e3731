// The one way in which procatlas starts another program: posix_spawn, the words as they are (no shell), and an owner who ends
// it. One thread at a time.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"

namespace procatlas {

// One descriptor of the program that is started.
struct ChildDescriptor {
    int theirs = 0;
    int ours = -1;  // which of ours it is a copy of; -1: /dev/null
};

// What signals the program finds blocked or ignored.
enum class ChildSignals {
    inherited,  // the same as we
    fresh,      // none
};

struct ChildStart {
    // [0] is the program: a path, or a name that is looked up in PATH.
    std::vector<std::string> words;
    // 0, 1 and 2 are ours where they are not named; of the others the program gets only those that are.
    std::vector<ChildDescriptor> descriptors = {};
    ChildSignals signals = ChildSignals::inherited;
    // How long to wait for the end of a killed program, which a file system may hold in the kernel; nullopt: until it is gone.
    std::optional<std::chrono::milliseconds> kill_patience = std::nullopt;
};

class ChildProgram {
public:
    // Error: it could not be started (errno of posix_spawn(3), with the program's name).
    [[nodiscard]] static Result<ChildProgram> start(const ChildStart& start);

    ChildProgram(ChildProgram&& other) noexcept;
    ChildProgram& operator=(ChildProgram&& other) noexcept;
    ChildProgram(const ChildProgram&) = delete;
    ChildProgram& operator=(const ChildProgram&) = delete;
    // Kills it where it runs, and reaps it.
    ~ChildProgram() { kill(); }

    // 0: it was reaped.
    [[nodiscard]] pid_t pid() const { return pid_; }
    // Reaps it where it has ended; never waits. True: it is gone.
    bool reaped();
    // Kills it and waits for its end, at most `kill_patience`; only the first call waits. True: it is gone.
    bool kill();
    // Waits for its end, at most so long. The wait status (wait(2)); nullopt: it still runs.
    [[nodiscard]] std::optional<int> wait_for_end(std::chrono::milliseconds most);

private:
    ChildProgram(pid_t pid, std::optional<std::chrono::milliseconds> patience) : pid_(pid), kill_patience_(patience) {}
    bool reap(int options);

    pid_t pid_ = 0;
    std::optional<std::chrono::milliseconds> kill_patience_;
    bool killed_ = false;
    int status_ = 0;
};

struct RanProgram {
    int status = 0;  // what it exited with, or 128 and the number of the signal that ended it
    std::string output;
};

// Runs a program to its end and gives what it wrote to its standard output, which `start` must not name. Error: it could not be
// started, or did not end in time and was killed.
[[nodiscard]] Result<RanProgram> run_program(ChildStart start, std::chrono::milliseconds deadline);

}  // namespace procatlas
