// `procatlas lesson`: lists lessons, checks one, or walks one in the terminal.
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
};

// Returns the exit status (exit_status.h).
[[nodiscard]] int lesson(const LessonArguments& arguments, std::string_view language, const Messages& words);

}  // namespace procatlas
