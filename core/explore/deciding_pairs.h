// Which acts of different processes decide what comes of a program, by which of them is first. Pure.
#pragma once

#include <cstddef>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/explore/chooser.h"

namespace procatlas {

// Two acts of different processes: what came of the program hung on which was first.
struct DecidingPair {
    std::string first;  // the name of the process
    TurnAct first_act = TurnAct::writes;
    std::string first_object;
    std::string second;
    TurnAct second_act = TurnAct::writes;
    std::string second_object;

    auto operator<=>(const DecidingPair&) const = default;
};

[[nodiscard]] DecidingPair pair_of(const Contender& first, const Contender& second);
// Each of these, and then the same with its second act first; none twice.
[[nodiscard]] std::vector<DecidingPair> both_ways(const std::set<DecidingPair>& pairs);
// Indices of the pairs whose first act comes before the second in these turns, each act where it comes first.
[[nodiscard]] std::vector<std::size_t> pairs_in(std::span<const DecidingPair> pairs, std::span<const Contender> turns);
// Of A before B, B before C and A before C the last follows from the others. `chosen`: indices in `pairs`.
[[nodiscard]] std::vector<std::size_t> without_what_follows(std::span<const DecidingPair> pairs,
                                                            std::span<const std::size_t> chosen);

}  // namespace procatlas
