#include "app/control/outcome_text.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "core/narrate/turn_text.h"

namespace procatlas {
namespace {

std::size_t in_common(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    return static_cast<std::size_t>(std::ranges::mismatch(a, b).in1 - a.begin());
}

std::string act_text(const std::string& who, TurnAct act, const std::string& object, const Messages& words) {
    const std::string text = std::string(turn_act_name(act)) + (object.empty() ? "" : " " + object);
    return words.format("explored.act", who, turn_act_text(text, words));
}

}  // namespace

OutcomesApart outcomes_apart(const ExploredOutcome& first, const ExploredOutcome& second) {
    return {in_common(first.outcome.output, second.outcome.output), in_common(first.choices, second.choices)};
}

std::size_t lines_in_common(std::span<const ExploredOutcome> outcomes) {
    if (outcomes.size() < 2) {
        return 0;
    }
    std::size_t least = outcomes.front().outcome.output.size();
    for (const ExploredOutcome& one : outcomes.subspan(1)) {
        least = std::min(least, outcomes_apart(outcomes.front(), one).lines);
    }
    return least;
}

std::optional<std::size_t> decided_alike(const Explored& explored, std::size_t outcome) {
    const ExploredOutcome& one = explored.outcomes[outcome];
    if (one.alike) {
        return one.alike;
    }
    for (std::size_t i = 0; i < explored.outcomes.size(); ++i) {
        const ExploredOutcome& other = explored.outcomes[i];
        if (i != outcome && one.by_turns && other.by_turns && other.decided_by == one.decided_by) {
            return i;
        }
    }
    return std::nullopt;
}

std::string deciding_pair_text(const DecidingPair& pair, const Messages& words) {
    return words.format("explored.pair", act_text(pair.first, pair.first_act, pair.first_object, words),
                        act_text(pair.second, pair.second_act, pair.second_object, words));
}

}  // namespace procatlas
