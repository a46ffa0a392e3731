// `procatlas lesson`: lists lessons, checks one, puts one on paper, or walks one in the terminal.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/narrate/messages.h"

namespace procatlas {

struct LessonArguments {
    std::string name;  // or number, or folder
    bool list = false;
    bool check = false;
    bool json = false;
    std::string format;  // "html" or "pdf"; empty: the terminal
    bool worksheet = false;
    bool solution = false;
    // The file to write. With a format, empty: standard output. In the terminal: the recording of the last run, with the
    // answers; empty: none.
    std::string output;
    std::string who;  // the student's name, for the answers
};

// Why answers cannot be kept in that file; empty: they can, or it has no name.
[[nodiscard]] std::string why_not_kept(const std::filesystem::path& file, const Messages& words);

// Returns the exit status (exit_status.h).
[[nodiscard]] int lesson(const LessonArguments& arguments, std::string_view language, const Messages& words);

}  // namespace procatlas
