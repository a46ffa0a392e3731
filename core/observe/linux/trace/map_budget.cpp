#include "core/observe/linux/trace/map_budget.h"

#include <algorithm>

namespace procatlas {

bool MapBudget::allows(std::uint64_t now_ns) {
    constexpr std::uint64_t always_cheap_ns = 1'000'000;
    constexpr std::int64_t bytes_at_once = 1 << 20;
    constexpr std::uint64_t ns_per_byte = 1000;
    const std::uint64_t since = now_ns - read_at_ns_;
    bytes_left_ = std::min(bytes_at_once, bytes_left_ + static_cast<std::int64_t>(since / ns_per_byte));
    const bool cheap = bytes_left_ > 0 && (cost_ns_ < always_cheap_ns || since > 10 * cost_ns_);
    stale_ = !cheap;
    return cheap;
}

void MapBudget::was_read(std::uint64_t at_ns, std::uint64_t cost_ns) {
    read_at_ns_ = at_ns;
    cost_ns_ = cost_ns;
}

}  // namespace procatlas
