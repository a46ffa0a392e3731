// All that the program of a lesson's run could have printed: its processes in all orders (core/explore).
#pragma once

#include <functional>
#include <string>

#include "core/base/result.h"
#include "core/lesson/recorded_run.h"
#include "core/model/command.h"

namespace procatlas {

// Runs it again and again, for some seconds at most; blocks, any thread. `wants_end`: asked between the runs. Error: it cannot
// be run.
[[nodiscard]] Result<PossibleOutcomes> possible_outcomes(const LaunchCommand& launch, const std::string& title,
                                                         std::function<bool()> wants_end = {});

}  // namespace procatlas
