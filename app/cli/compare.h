// `procatlas compare A B`: what is equal in two recordings, what has moved, and what differs only by chance.
#pragma once

#include <string>

#include "core/narrate/messages.h"

namespace procatlas {

struct CompareArguments {
    std::string first;
    std::string second;
    bool json = false;
    bool window = false;  // side by side there; `main` does it
};

// Returns the exit status (exit_status.h): exit_done however much differs.
[[nodiscard]] int compare(const CompareArguments& arguments, const Messages& words);

}  // namespace procatlas
