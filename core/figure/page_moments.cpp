#include "core/figure/page_moments.h"

#include <algorithm>
#include <bit>

namespace procatlas {

namespace {

enum class Weight { life, output, detail };

Weight weight_of(const Event& event) {
    if (std::holds_alternative<OutputEvent>(event.detail)) {
        return Weight::output;
    }
    const bool detail = std::holds_alternative<MemoryEvent>(event.detail) ||
                        std::holds_alternative<ResidentEvent>(event.detail) || std::holds_alternative<StepEvent>(event.detail);
    return detail ? Weight::detail : Weight::life;
}

}  // namespace

std::vector<std::size_t> moments_by_weight(const Recording& recording, std::size_t opens) {
    std::vector<std::size_t> ordered{0, recording.last_moment(), opens};
    std::ranges::sort(ordered);
    ordered.erase(std::ranges::unique(ordered).begin(), ordered.end());
    const std::vector<std::size_t> ends = ordered;
    std::vector<std::size_t> outputs;
    std::vector<std::size_t> details;
    for (std::size_t moment = 0; moment < recording.events().size(); ++moment) {
        if (std::ranges::find(ends, moment) != ends.end()) {
            continue;
        }
        const Weight weight = weight_of(recording.events()[moment]);
        (weight == Weight::life ? ordered : (weight == Weight::output ? outputs : details)).push_back(moment);
    }
    ordered.insert(ordered.end(), outputs.begin(), outputs.end());
    // Every 1024th, every 512th between them, ...
    std::vector<std::size_t> ranks(details.size());
    for (std::size_t i = 0; i < ranks.size(); ++i) {
        ranks[i] = i;
    }
    std::ranges::stable_sort(ranks, std::greater(), [](std::size_t i) { return std::countr_zero(i); });
    for (const std::size_t rank : ranks) {
        ordered.push_back(details[rank]);
    }
    return ordered;
}

}  // namespace procatlas
