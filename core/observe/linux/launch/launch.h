// Starting the first program, seized by ptrace before its first instruction.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/unique_fd.h"
#include "core/model/command.h"
#include "core/observe/linux/launch/terminal.h"

namespace procatlas {

struct Launched {
    pid_t pid = 0;
    // Readable: an errno and a stage where the program could not be started; closed without a word where it was.
    UniqueFd failure;
    std::string command;  // what was asked for
};

// PTRACE_O_*: what follows every descendant, and takes all with us when we end.
[[nodiscard]] long trace_options();

// Where the program `name` may be: itself if it has a slash, else a path for each folder in PATH of `environment`, in order.
// Relative ones are meant from the working folder. No file is looked at.
[[nodiscard]] std::vector<std::string> candidates_for(const std::string& name, const std::vector<std::string>& environment);

// Forks, seizes, opens the gate. The new process waits at the gate until it is seized, and ends if the observer does before.
[[nodiscard]] Result<Launched> launch_traced(const LaunchCommand& command, const Terminal& terminal);

// What a program's start failed of, as it came through `Launched::failure`; nullopt: it was started, or it is too early to
// tell.
// `closed`: nothing more will come.
[[nodiscard]] std::optional<Error> read_launch_failure(const Launched& launched, bool& closed);

}  // namespace procatlas
