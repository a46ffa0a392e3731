// Programs that only start another one: env, nice, a shell with -c, a script of pyenv or of a virtual environment. Pure.
#pragma once

#include <span>
#include <string>

namespace procatlas {

// Whether a program with `arguments`, which the first process executes, is the one that a person named by `command`, or a
// further launcher of it: it has the same arguments but for the program's name (python3 mine.py -> /usr/bin/python3.11
// mine.py), is the end of the command (env A=1 python3 mine.py), or is what a shell was given (bash -c "python3 mine.py").
[[nodiscard]] bool continues_command(std::span<const std::string> command, std::span<const std::string> arguments);

}  // namespace procatlas
