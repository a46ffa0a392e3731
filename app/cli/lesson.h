// `procatlas lesson`: lists lessons, checks one, puts one on paper, or walks one in the terminal.
#pragma once

#include <string>
#include <string_view>

#include "core/narrate/messages.h"

namespace procatlas {

struct LessonArguments {
    std::string name;  // or number, or folder
    bool list = false;
    bool check = false;
    bool json = false;
    std::string format;  // "html"; empty: the terminal
    bool worksheet = false;
    bool solution = false;
    std::string output;  // the file to write; empty: standard output
};

// Returns the exit status (exit_status.h).
[[nodiscard]] int lesson(const LessonArguments& arguments, std::string_view language, const Messages& words);

}  // namespace procatlas
