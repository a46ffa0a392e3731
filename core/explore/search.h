// Searches all that a program can come to, depth first: each run goes as the last one went up to some turn, and there another
// process goes. Of two orders that differ only in turns that do not depend on one another, one is run (dynamic partial order
// reduction with source sets and sleep sets: Abdulla, Aronis, Jonsson, Sagonas, "Optimal dynamic partial order reduction",
// 2014).
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/explore/chooser.h"
#include "core/explore/run_order.h"

namespace procatlas {

// A pair of turns whose order was turned round, as a person would call them.
struct TurnedPair {
    Contender first;      // in the run in which they raced
    Contender second;     // which then came before
    std::size_t at = 0;   // the turn at which another one goes instead
    std::size_t run = 0;  // that run, as `end_run` numbered it
};

class Search final : public Chooser {
public:
    // A run begins. Not after `exhausted`.
    void begin_run();
    // It is over. `number`: by which the caller knows it.
    void end_run(std::size_t number);
    // All has been run.
    [[nodiscard]] bool exhausted() const { return exhausted_; }
    // The last run did not go as an earlier one with the same choices had: the program depends on time or chance. The search
    // can be no longer exhaustive then.
    [[nodiscard]] bool diverged() const { return diverged_; }
    // Why the last run was made; nullopt: it was the first.
    [[nodiscard]] const std::optional<TurnedPair>& turned() const { return turned_; }
    [[nodiscard]] const RunOrder& order() const { return order_; }

    [[nodiscard]] std::optional<std::size_t> choose(std::span<const Contender> standing) override;
    [[nodiscard]] bool goes(const Contender& one, Why why) override;
    void born(const std::string& who, const std::string& parent) override;

private:
    struct Node {
        std::string chosen;
        std::set<std::string> may_go;
        std::set<std::string> done;                // tried before
        std::map<std::string, TurnedPair> to_try;  // and why
        std::set<std::string> asleep;              // would bring only what was there already
    };
    using Sleepers = std::map<std::string, Standing>;

    [[nodiscard]] bool in_prefix() const { return turn_ < stack_.size(); }
    void add_races(std::size_t number);
    void next_prefix();

    std::vector<Node> stack_;
    RunOrder order_;
    std::size_t turn_ = 0;
    std::string last_;
    Sleepers sleepers_;                // of the turn to come
    std::vector<Contender> standing_;  // as last asked
    std::optional<TurnedPair> turned_;
    std::optional<TurnedPair> turns_next_;
    bool exhausted_ = false;
    bool diverged_ = false;
};

}  // namespace procatlas
