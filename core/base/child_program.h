// The one way in which procatlas starts another program: posix_spawn with the words unchanged (no shell), and an owner that
// ends the program. One thread at a time.
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
    int ours = -1;  // our descriptor that it copies; -1: /dev/null
};

// The signals that are blocked or ignored when the program starts.
enum class ChildSignals {
    inherited,     // as in this process
    fresh,         // none
    without_keys,  // as here, and those that the keys and the end of the terminal send are blocked
};

// Whom a kill reaches.
enum class ChildGroup {
    ours,  // the program alone
    own,   // also the programs that it has started: it gets a process group, and no keys of our terminal
};

struct ChildStart {
    // [0] is the program: a path, or a name that is looked up in PATH.
    std::vector<std::string> words;
    // The program inherits our descriptors 0, 1 and 2 unless they are named here. It gets no others but those named here.
    std::vector<ChildDescriptor> descriptors = {};
    ChildSignals signals = ChildSignals::inherited;
    ChildGroup group = ChildGroup::ours;
    // How long to wait for a killed program to end: a file system may keep it in the kernel. nullopt: until it has ended.
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
    // Kills the program if it still runs, and reaps it.
    ~ChildProgram() { kill(); }

    // 0 once the program is reaped.
    [[nodiscard]] pid_t pid() const { return pid_; }
    // Reaps the program if it has ended; never waits. Returns true once it is reaped.
    bool reaped();
    // Kills the program, and its group if it has one, and waits for its end, at most `kill_patience`. Only the first call
    // waits. Returns true once it is reaped.
    bool kill();
    // Waits at most `most` for the program to end. Returns its wait status (wait(2)), or nullopt if it still runs.
    [[nodiscard]] std::optional<int> wait_for_end(std::chrono::milliseconds most);

private:
    ChildProgram(pid_t pid, const ChildStart& start) : pid_(pid), group_(start.group), kill_patience_(start.kill_patience) {}
    bool reap(int options);

    pid_t pid_ = 0;
    ChildGroup group_ = ChildGroup::ours;
    std::optional<std::chrono::milliseconds> kill_patience_;
    bool killed_ = false;
    int status_ = 0;
};

struct RanProgram {
    int status = 0;  // its exit status, or 128 plus the number of the signal that ended it
    std::string output;
};

// Runs a program to its end and returns what it wrote to its standard output, which `start` must not name. Error: it could not
// be started, or it did not end in time and was killed.
[[nodiscard]] Result<RanProgram> run_program(ChildStart start, std::chrono::milliseconds deadline);

}  // namespace procatlas
