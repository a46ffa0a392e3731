#include "core/export/page/page_moments.h"

#include <algorithm>
#include <array>
#include <bit>
#include <functional>
#include <numeric>

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

// Appends every 1024th moment, then every 512th between them, and so on.
void append_coarse_to_fine(std::vector<std::size_t>& ordered, const std::vector<std::size_t>& moments) {
    std::vector<std::size_t> ranks(moments.size());
    std::iota(ranks.begin(), ranks.end(), 0U);
    std::ranges::stable_sort(ranks, std::greater(), [](std::size_t rank) { return std::countr_zero(rank); });
    for (const std::size_t rank : ranks) {
        ordered.push_back(moments[rank]);
    }
}

}  // namespace

std::vector<std::size_t> moments_by_weight(const Recording& recording, std::size_t opens) {
    std::vector<std::size_t> ordered{0, recording.last_moment(), opens};
    std::ranges::sort(ordered);
    ordered.erase(std::ranges::unique(ordered).begin(), ordered.end());
    std::array<std::vector<std::size_t>, 3> by_weight;
    for (std::size_t moment = 0; moment < recording.events().size(); ++moment) {
        if (moment != 0 && moment != recording.last_moment() && moment != opens) {
            by_weight[static_cast<std::size_t>(weight_of(recording.events()[moment]))].push_back(moment);
        }
    }
    for (const std::vector<std::size_t>& moments : by_weight) {
        append_coarse_to_fine(ordered, moments);
    }
    return ordered;
}

}  // namespace procatlas
