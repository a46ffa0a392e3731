// `procatlas explore`: what else could have happened. Runs a program again and again in other orders, and tells the outcomes.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/narrate/messages.h"

namespace procatlas {

struct ExploreArguments {
    std::size_t runs = 1000;
    double seconds = 60;
    std::uint64_t seed = 1;
    std::size_t free_runs = 0;
    std::string folder;   // of the recordings; empty: the usual one
    std::string choices;  // "C1,P": run it once by these; "-": by none
    bool replays = false;
    bool json = false;
};

// `command`: ready to be executed. Returns the exit status (exit_status.h).
[[nodiscard]] int explore_command(const ExploreArguments& arguments, const std::vector<std::string>& command,
                                  const std::string& title, const Messages& words);

}  // namespace procatlas
