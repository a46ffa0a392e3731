// What a person calls the program that a process runs.
#pragma once

#include <span>
#include <string>

#include "core/model/world.h"

namespace procatlas {

// The name of the script, where the program only interprets one: "mine.py" of `/usr/bin/python3.11 -u mine.py 3`; "python3 -m
// http.server" and "python3 -c …" where there is no file; "resource_tracker", "forkserver" and "spawn" for the helpers of
// Python's multiprocessing. Else the name of the program's file. Safe to show.
[[nodiscard]] std::string program_name(std::string_view path, std::span<const std::string> arguments);

// Of the program that `process` runs, or what that program calls the process ("Process-1 · f1" of Python's multiprocessing);
// empty: it has none yet.
[[nodiscard]] std::string program_name(const Process& process);

}  // namespace procatlas
