// `procatlas grade`: who predicted what in a lesson, from the recordings that students have handed in.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/narrate/messages.h"

namespace procatlas {

struct GradeArguments {
    std::vector<std::string> files;
    bool json = false;
    bool csv = false;
};

// Returns the exit status (exit_status.h): exit_failed if one of the files cannot be read; the others are told.
[[nodiscard]] int grade(const GradeArguments& arguments, const Messages& words);

}  // namespace procatlas
