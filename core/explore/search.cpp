#include "core/explore/search.h"

#include <algorithm>
#include <utility>

namespace procatlas {

void Search::begin_run() {
    order_ = {};
    turn_ = 0;
    last_.clear();
    sleepers_.clear();
    standing_.clear();
    turned_ = std::exchange(turns_next_, std::nullopt);
}

void Search::born(const std::string& who, const std::string&) {
    order_.born(who);
}

std::optional<std::size_t> Search::choose(std::span<const Contender> standing) {
    standing_.assign(standing.begin(), standing.end());
    const auto index_of = [&](const std::string& who) {
        const auto found =
            std::ranges::find_if(standing, [&](const Contender& one) { return one.who == who && one.standing.may_go; });
        return found == standing.end() ? std::nullopt : std::optional<std::size_t>(found - standing.begin());
    };
    if (in_prefix()) {
        const auto chosen = index_of(stack_[turn_].chosen);
        diverged_ |= !chosen;
        return chosen;
    }
    if (const auto same = index_of(last_); same && !sleepers_.contains(last_)) {
        return same;  // the fewer change places, the easier a run is to follow
    }
    for (std::size_t i = 0; i < standing.size(); ++i) {
        if (standing[i].standing.may_go && !sleepers_.contains(standing[i].who)) {
            return i;
        }
    }
    return std::nullopt;
}

bool Search::goes(const Contender& one, Why why) {
    std::set<std::string> may_go{one.who};
    if (why == Why::chosen) {
        for (const Contender& other : standing_) {
            if (other.standing.may_go) {
                may_go.insert(other.who);
            }
        }
    }
    if (!in_prefix()) {
        if (sleepers_.contains(one.who)) {
            return false;
        }
        Node node{one.who, std::move(may_go), {}, {}, {}};
        for (const auto& [who, standing] : sleepers_) {
            node.asleep.insert(who);
        }
        stack_.push_back(std::move(node));
    } else if (stack_[turn_].chosen != one.who || stack_[turn_].may_go != may_go) {
        diverged_ = true;
        return false;
    }
    const Node& node = stack_[turn_];
    if (why == Why::chosen) {
        for (const Contender& other : standing_) {
            if (node.done.contains(other.who)) {
                sleepers_.insert_or_assign(other.who, other.standing);
            }
        }
    }
    sleepers_.erase(one.who);
    std::erase_if(sleepers_, [&](const auto& sleeper) { return depend(sleeper.second, one.standing); });
    order_.goes(one);
    last_ = one.who;
    ++turn_;
    return true;
}

void Search::end_run(std::size_t number) {
    diverged_ |= in_prefix();
    add_races(number);
    next_prefix();
}

void Search::add_races(std::size_t number) {
    for (const Race& race : order_.races()) {
        if (race.first >= stack_.size()) {
            continue;
        }
        Node& node = stack_[race.first];
        std::vector<std::string> starters = order_.starters(race);
        std::erase_if(starters, [&](const std::string& who) { return !node.may_go.contains(who); });
        const bool tried = std::ranges::any_of(starters, [&](const std::string& who) {
            return who == node.chosen || node.done.contains(who) || node.to_try.contains(who);
        });
        if (tried || starters.empty()) {
            continue;
        }
        const auto turns = order_.turns();
        const std::string& second = turns[race.second].who;
        const bool itself = std::ranges::find(starters, second) != starters.end();
        node.to_try.emplace(itself ? second : starters.front(),
                            TurnedPair{turns[race.first], turns[race.second], race.first, number});
    }
}

void Search::next_prefix() {
    while (!stack_.empty()) {
        Node& node = stack_.back();
        node.done.insert(node.chosen);
        while (!node.to_try.empty()) {
            auto next = node.to_try.extract(node.to_try.begin());
            if (!node.done.contains(next.key()) && !node.asleep.contains(next.key())) {
                node.chosen = next.key();
                turns_next_ = std::move(next.mapped());
                return;
            }
        }
        stack_.pop_back();
    }
    exhausted_ = true;
}

}  // namespace procatlas
