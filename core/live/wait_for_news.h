// How whoever has nothing else to do waits for a run.
#pragma once

#include "core/live/live_run.h"

namespace procatlas {

// Sleeps until there is something to take from `run`, until it is due, or until `until`.
void wait_for_news(const LiveRun& run, LiveRun::Clock::time_point until);

}  // namespace procatlas
