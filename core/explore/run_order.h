// The order of what happened in one run: which turns had to come after which, and which pairs of turns raced. Pure.
//
// Happened-before is the order of turns of one process, of a birth and what the newborn does, and of two turns that depend on
// one another (model/turns.h). A race is a pair of turns of two processes that depend directly: nothing between them orders
// them too.
#pragma once

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/explore/chooser.h"

namespace procatlas {

struct Race {
    std::size_t first = 0;  // indices of turns
    std::size_t second = 0;
};

class RunOrder {
public:
    void goes(const Contender& one);
    void born(const std::string& who);

    [[nodiscard]] std::span<const Contender> turns() const { return turns_; }
    // Of two turns, `first` the earlier one.
    [[nodiscard]] bool happens_before(std::size_t first, std::size_t second) const;
    // The races of all turns, in the order of their second turn.
    [[nodiscard]] const std::vector<Race>& races() const { return races_; }
    // Those who could have gone at the first turn of the race, had its second one come before it: the first in all that did not
    // have to come after the first turn, and in the second. One that did not stand there ready is among them too.
    [[nodiscard]] std::vector<std::string> starters(const Race& race) const;

private:
    using Clock = std::map<std::string, std::size_t>;  // of each process, how many of its turns happened before or are it

    void join(Clock& clock, const Clock& other) const;

    std::vector<Contender> turns_;
    std::vector<Clock> clocks_;
    std::vector<std::size_t> numbers_;   // of each turn among those of its process, from 1
    std::map<std::string, Clock> next_;  // the clock with which the process goes on
    std::vector<Race> races_;
};

}  // namespace procatlas
