#include "app/control/lesson_outcomes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <utility>

#include "core/base/text.h"
#include "core/explore/explore.h"

namespace procatlas {

Result<PossibleOutcomes> possible_outcomes(const LaunchCommand& launch, const std::string& title,
                                           std::function<bool()> wants_end) {
    ExploreOptions options;
    options.launch = launch;
    options.title = title;
    options.most_runs = 300;
    options.most_time = std::chrono::seconds(15);  // a student waits for it
    options.wants_end = std::move(wants_end);
    const auto explored = explore(options);
    if (!explored) {
        return std::unexpected(explored.error());
    }
    PossibleOutcomes possible;
    possible.exhaustive = explored->exhaustive;
    for (const ExploredOutcome& one : explored->outcomes) {
        possible.outcomes.push_back({display_text(fmt::format("{}", fmt::join(one.outcome.output, "\n")), true), one.runs});
    }
    return possible;
}

}  // namespace procatlas
