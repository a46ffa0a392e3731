#include "core/live/reading_patience.h"

#include <algorithm>

namespace procatlas {

bool ReadingPatience::wants_reading(std::int32_t pid) {
    const auto found = late_.find(pid);
    if (found == late_.end() || found->second.passed_over == 0) {
        return true;
    }
    --found->second.passed_over;
    return false;
}

void ReadingPatience::answered(std::int32_t pid, bool late) {
    if (!late) {
        late_.erase(pid);
        return;
    }
    Late& now = late_[pid];
    ++now.in_a_row;
    if (now.in_a_row > 1) {  // after one late answer the machine may just have been busy
        constexpr unsigned most_doublings = 20;
        now.passed_over = std::size_t{1} << std::min(2 * (now.in_a_row - 1), most_doublings);
    }
}

void ReadingPatience::forked(std::int32_t parent, std::int32_t child) {
    if (const auto found = late_.find(parent); found != late_.end()) {
        const Late same = found->second;
        late_[child] = same;
    }
}

}  // namespace procatlas
