#include "core/explore/known_acts.h"

#include <algorithm>
#include <set>
#include <string_view>

namespace procatlas {
namespace {

// A file with a name that chance gave (mkstemp) has another one in each run.
bool may_be_same_file(std::string_view one, std::string_view other) {
    const auto folder = [](std::string_view path) { return path.substr(0, path.rfind('/') + 1); };
    return one.starts_with('/') && one.size() == other.size() && folder(one) == folder(other);
}

}  // namespace

Acts KnownActs::in(std::span<const Contender> turns) {
    Acts acts;
    std::set<std::size_t> seen;
    for (const Contender& one : turns) {
        const auto [at, fresh] = numbers_.try_emplace({one.who, one.standing.act, one.standing.object}, numbers_.size());
        if (fresh) {
            acts_.push_back(&at->first);
        }
        if (seen.insert(at->second).second) {
            acts.push_back(at->second);
        }
    }
    return acts;
}

bool KnownActs::all_came(std::span<const DecidingPair> pairs, std::span<const std::size_t> chosen, const Acts& acts) const {
    const auto place = [&](const std::string& who, TurnAct act, const std::string& object) {
        const auto number = numbers_.find({who, act, object});
        const auto exact = number == numbers_.end() ? acts.end() : std::ranges::find(acts, number->second);
        return exact != acts.end() ? exact : std::ranges::find_if(acts, [&](std::size_t one) {
            const auto& [its_who, its_act, its_object] = *acts_[one];
            return its_who == who && its_act == act && may_be_same_file(its_object, object);
        });
    };
    return std::ranges::all_of(chosen, [&](std::size_t i) {
        const DecidingPair& pair = pairs[i];
        const auto first = place(pair.first, pair.first_act, pair.first_object);
        const auto second = place(pair.second, pair.second_act, pair.second_object);
        return second != acts.end() && first < second;
    });
}

}  // namespace procatlas
