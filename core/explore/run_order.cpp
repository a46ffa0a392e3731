#include "core/explore/run_order.h"

#include <algorithm>
#include <utility>

namespace procatlas {

void RunOrder::join(Clock& clock, const Clock& other) const {
    for (const auto& [who, count] : other) {
        std::size_t& own = clock[who];
        own = std::max(own, count);
    }
}

void RunOrder::born(const std::string& who) {
    next_[who] = clocks_.empty() ? Clock{} : clocks_.back();
}

void RunOrder::goes(const Contender& one) {
    const std::size_t now = turns_.size();
    Clock clock = next_[one.who];
    const std::size_t number = clock[one.who] + 1;
    for (std::size_t i = now; i-- > 0;) {
        const Contender& earlier = turns_[i];
        if (clock[earlier.who] >= numbers_[i] || !depend(earlier.standing, one.standing)) {
            continue;
        }
        races_.push_back({i, now});
        join(clock, clocks_[i]);
    }
    clock[one.who] = number;
    turns_.push_back(one);
    numbers_.push_back(number);
    clocks_.push_back(clock);
    next_[one.who] = std::move(clock);
}

bool RunOrder::happens_before(std::size_t first, std::size_t second) const {
    const auto at = clocks_[second].find(turns_[first].who);
    return at != clocks_[second].end() && at->second >= numbers_[first];
}

std::vector<std::string> RunOrder::starters(const Race& race) const {
    std::vector<std::size_t> rest;  // what does not have to come after the first turn
    for (std::size_t i = race.first + 1; i < race.second; ++i) {
        if (!happens_before(race.first, i)) {
            rest.push_back(i);
        }
    }
    rest.push_back(race.second);
    std::vector<std::string> names;
    for (std::size_t i = 0; i < rest.size(); ++i) {
        const auto before = std::ranges::subrange(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(i));
        const bool waits = std::ranges::any_of(before, [&](std::size_t earlier) { return happens_before(earlier, rest[i]); });
        if (!waits && std::ranges::find(names, turns_[rest[i]].who) == names.end()) {
            names.push_back(turns_[rest[i]].who);
        }
    }
    return names;
}

}  // namespace procatlas
