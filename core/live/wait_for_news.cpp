#include "core/live/wait_for_news.h"

#include <poll.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <vector>

namespace procatlas {

void wait_for_news(const LiveRun& run, LiveRun::Clock::time_point until) {
    std::vector<pollfd> ready;
    for (const int descriptor : run.descriptors()) {
        ready.push_back({descriptor, POLLIN, 0});
    }
    const auto wake = std::min(run.due().value_or(until), until);
    const auto left = std::max<std::chrono::nanoseconds>(wake - LiveRun::Clock::now(), std::chrono::nanoseconds(0));
    const timespec most{left.count() / 1'000'000'000, left.count() % 1'000'000'000};
    ::ppoll(ready.data(), ready.size(), &most, nullptr);
}

}  // namespace procatlas
