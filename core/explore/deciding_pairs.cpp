#include "core/explore/deciding_pairs.h"

#include <algorithm>
#include <optional>

namespace procatlas {
namespace {

// The first turn that is this act of this process.
std::optional<std::size_t> find_turn(std::span<const Contender> turns, const std::string& who, TurnAct act,
                                     const std::string& object) {
    const auto found = std::ranges::find_if(turns, [&](const Contender& one) {
        return one.who == who && one.standing.act == act && one.standing.object == object;
    });
    return found == turns.end() ? std::nullopt : std::optional<std::size_t>(found - turns.begin());
}

}  // namespace

DecidingPair pair_of(const Contender& first, const Contender& second) {
    return {first.who, first.standing.act, first.standing.object, second.who, second.standing.act, second.standing.object};
}

std::vector<DecidingPair> both_ways(const std::set<DecidingPair>& pairs) {
    std::vector<DecidingPair> both;
    for (const DecidingPair& pair : pairs) {
        const DecidingPair other{pair.second, pair.second_act, pair.second_object,
                                 pair.first,  pair.first_act,  pair.first_object};
        for (const DecidingPair& one : {pair, other}) {
            if (std::ranges::find(both, one) == both.end()) {
                both.push_back(one);
            }
        }
    }
    return both;
}

std::vector<std::size_t> pairs_in(std::span<const DecidingPair> pairs, std::span<const Contender> turns) {
    std::vector<std::size_t> held;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        const DecidingPair& pair = pairs[i];
        const auto first = find_turn(turns, pair.first, pair.first_act, pair.first_object);
        const auto second = find_turn(turns, pair.second, pair.second_act, pair.second_object);
        if (first && second && *first < *second) {
            held.push_back(i);
        }
    }
    return held;
}

std::vector<std::size_t> without_what_follows(std::span<const DecidingPair> pairs, std::span<const std::size_t> chosen) {
    const auto has = [&](const auto& is) { return std::ranges::any_of(chosen, [&](std::size_t i) { return is(pairs[i]); }); };
    std::vector<std::size_t> needed;
    for (const std::size_t i : chosen) {
        const DecidingPair& pair = pairs[i];
        const bool follows = has([&](const DecidingPair& one) {
            const bool starts =
                one.first == pair.first && one.first_act == pair.first_act && one.first_object == pair.first_object;
            return starts && has([&](const DecidingPair& other) {
                       return other.first == one.second && other.first_act == one.second_act &&
                              other.first_object == one.second_object && other.second == pair.second &&
                              other.second_act == pair.second_act && other.second_object == pair.second_object;
                   });
        });
        if (!follows) {
            needed.push_back(i);
        }
    }
    return needed;
}

}  // namespace procatlas
