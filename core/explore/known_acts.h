// The acts that the runs of an exploration have shown, numbered as they came. Pure.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include "core/explore/chooser.h"
#include "core/explore/deciding_pairs.h"

namespace procatlas {

// The acts of a run by their numbers, in the order in which each came first.
using Acts = std::vector<std::size_t>;

class KnownActs {
public:
    [[nodiscard]] Acts in(std::span<const Contender> turns);
    // Whether these of the pairs, by their indices, came in this order in a run with these acts.
    [[nodiscard]] bool all_came(std::span<const DecidingPair> pairs, std::span<const std::size_t> chosen,
                                const Acts& acts) const;

private:
    using Act = std::tuple<std::string, TurnAct, std::string>;  // who does what with which object
    std::map<Act, std::size_t> numbers_;
    std::vector<const Act*> acts_;  // by number
};

}  // namespace procatlas
