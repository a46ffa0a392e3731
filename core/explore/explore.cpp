#include "core/explore/explore.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <tuple>
#include <utility>

#include "core/explore/choosers.h"
#include "core/explore/known_acts.h"
#include "core/explore/noticing_chooser.h"
#include "core/explore/run_once.h"
#include "core/explore/search.h"

namespace procatlas {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds run_patience(20);
constexpr std::chrono::seconds probe_patience(2);  // a launcher takes less, and the program may never end

struct Kept {
    ExploredOutcome told;
    std::size_t changes = 0;
    std::vector<Contender> turns;  // of the run with these choices
    std::set<Acts> orders;         // of all runs
    std::vector<std::string> raw;  // the lines of a run as they were printed
};

Result<std::uint32_t> launcher_execs(const ExploreOptions& options, const LaunchCommand& launch) {
    if (options.launcher_execs) {
        return *options.launcher_execs;
    }
    const auto first = run_once(launch, nullptr, probe_patience);
    return first ? Result<std::uint32_t>(static_cast<std::uint32_t>(first->launcher_execs)) : std::unexpected(first.error());
}

// Of "P(C1(C1.1) C2)".
bool has_process(std::string_view tree, std::string_view name) {
    constexpr std::string_view between = "() ";
    while (!tree.empty()) {
        const std::size_t end = std::min(tree.find_first_of(between), tree.size());
        if (end > 0 && tree.substr(0, end) == name) {
            return true;
        }
        tree.remove_prefix(std::min(end + 1, tree.size()));
    }
    return false;
}

Result<Replayed> replay_launched(const LaunchCommand& launch, const std::string& title, const std::vector<std::string>& choices,
                                 const std::filesystem::path& file) {
    ListChooser chooser(choices);
    auto one = run_once(launch, &chooser, run_patience, file, title);
    if (!one) {
        return std::unexpected(one.error());
    }
    std::vector<std::string> unknown;
    for (const std::string& name : choices) {
        const bool is_thread = std::ranges::find(one->taken.threads, name) != one->taken.threads.end();
        if (!is_thread && !has_process(one->outcome.tree, name) && std::ranges::find(unknown, name) == unknown.end()) {
            unknown.push_back(name);
        }
    }
    return Replayed{std::move(one->outcome),      !chooser.failed(),   std::move(unknown),
                    std::move(one->taken.limits), std::move(one->raw), std::move(one->taken.threads)};
}

class Exploration {
public:
    explicit Exploration(const ExploreOptions& options) : options_(options), launch_(exploring(options.launch)) {}

    Result<Explored> run() {
        const Clock::time_point begun = Clock::now();
        until_ = begun + options_.most_time;
        if (auto found = find_launcher(); !found) {
            return std::unexpected(found.error());
        }
        if (auto done = search(); !done) {
            return std::unexpected(done.error());
        }
        if (!explored_.exhaustive) {
            if (auto done = try_at_random(); !done) {
                return std::unexpected(done.error());
            }
        }
        if (auto done = run_free(); !done) {
            return std::unexpected(done.error());
        }
        find_pairs();
        find_alike();
        if (auto done = keep(); !done) {
            return std::unexpected(done.error());
        }
        finish();
        explored_.took = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun);
        return std::move(explored_);
    }

private:
    // What only launches the program takes no turns; the first run shows it.
    Result<void> find_launcher() {
        auto execs = launcher_execs(options_, launch_);
        if (!execs) {
            return std::unexpected(execs.error());
        }
        launch_.execs_before_turns = explored_.launcher_execs = *execs;
        return {};
    }

    // Nothing: all may go on.
    [[nodiscard]] CutReason why_end(std::size_t most_runs) const {
        return options_.wants_end && options_.wants_end()         ? CutReason::ended
               : explored_.runs + explored_.given_up >= most_runs ? CutReason::runs
               : Clock::now() >= until_                           ? CutReason::time
                                                                  : CutReason::none;
    }

    // Where it is too large to be searched whole, a quarter of the runs is for chance.
    Result<void> search() {
        Search search;
        while (!search.exhausted()) {
            explored_.cut = why_end(options_.most_runs - options_.most_runs / 4);
            if (explored_.cut != CutReason::none) {
                return {};
            }
            search.begin_run();
            auto outcome = take_turns(search);
            if (!outcome) {
                return std::unexpected(outcome.error());
            }
            if (const auto& turned = search.turned(); turned && *outcome && outcomes_of_runs_[turned->run] != **outcome) {
                // One that got a signal then has gone on to what it did before that now.
                const Contender& now = search.order().turns()[turned->at];
                const bool took = turned->second.standing.act == TurnAct::takes_signal && now.who == turned->second.who;
                turned_.insert(pair_of(turned->first, took ? now : turned->second));
            }
            search.end_run(outcomes_of_runs_.size());
            outcomes_of_runs_.push_back(outcome->value_or(nullptr));
        }
        explored_.cut = search.diverged() ? CutReason::chance : !explored_.limits.empty() ? CutReason::limits : CutReason::none;
        explored_.exhaustive = explored_.cut == CutReason::none;
        return {};
    }

    Result<void> try_at_random() {
        if (explored_.cut == CutReason::limits) {
            return {};  // all orders of acts were seen; chance would find no other
        }
        for (std::uint64_t i = 0; why_end(options_.most_runs) == CutReason::none; ++i) {
            RandomChooser chooser(options_.seed + i);
            if (auto outcome = take_turns(chooser); !outcome) {
                return std::unexpected(outcome.error());
            }
        }
        return {};
    }

    // nullopt: nothing new could come of it.
    Result<std::optional<const Outcome*>> take_turns(Chooser& chooser) {
        NoticingChooser noticing(chooser);
        auto one = run_once(launch_, &noticing, run_patience);
        if (!one) {
            return std::unexpected(one.error());
        }
        take_limits(one->taken);
        if (one->taken.given_up) {
            ++explored_.given_up;
            return std::nullopt;
        }
        ++explored_.runs;
        if (one->outcome.end == RunEnd::busy) {  // what would have come later is not known
            take_limit(turns_limit::busy);
        }
        auto [at, fresh] = outcomes_.try_emplace(known_outcome(one->outcome, one->raw));
        Kept& kept = at->second;
        if (fresh) {
            kept.raw = std::move(one->raw);
        }
        ++kept.told.runs;
        kept.orders.insert(known_acts_.in(noticing.order().turns()));
        std::vector<std::string> choices = std::move(one->taken.choices);
        choices.resize(std::min(choices.size(), noticing.needed()));
        const auto weight = [](const std::vector<std::string>& list, std::size_t changes) {
            return std::tuple(list.size(), changes, list);
        };
        if (fresh || weight(choices, noticing.changes()) < weight(kept.told.choices, kept.changes)) {
            kept.told.choices = std::move(choices);
            kept.told.by_turns = true;
            kept.changes = noticing.changes();
            const auto turns = noticing.order().turns();
            kept.turns.assign(turns.begin(), turns.end());
        }
        return &at->first;
    }

    // Pairs that held in a run of another outcome too do not part the two.
    void find_alike() {
        for (auto& [outcome, kept] : outcomes_) {
            std::size_t number = 0;
            for (const auto& [other, others] : outcomes_) {
                const bool alike =
                    &others != &kept && kept.told.by_turns && std::ranges::any_of(others.orders, [&](const Acts& acts) {
                        return known_acts_.all_came(explored_.pairs, kept.told.decided_by, acts);
                    });
                if (alike) {
                    kept.told.alike = number;
                    break;
                }
                ++number;
            }
        }
    }

    // A number that by chance is the PID of a process in one run, and not in another, is no other outcome: where the programs
    // printed the very same.
    Outcome known_outcome(const Outcome& outcome, const std::vector<std::string>& raw) const {
        for (const auto& [known, kept] : outcomes_) {
            const bool same_end = known.end == outcome.end && known.tree == outcome.tree && known.exit == outcome.exit;
            if (!same_end || known.output.size() != outcome.output.size() || kept.raw.size() != raw.size()) {
                continue;
            }
            bool same = true;
            for (std::size_t i = 0; i < known.output.size() && same; ++i) {
                same = known.output[i] == outcome.output[i] || (i < raw.size() && kept.raw[i] == raw[i]);
            }
            if (same) {
                return known;
            }
        }
        return outcome;
    }

    void take_limit(std::string_view limit) {
        if (std::ranges::find(explored_.limits, limit) == explored_.limits.end()) {
            explored_.limits.emplace_back(limit);
        }
    }

    void take_limits(const TurnsTaken& taken) {
        for (const std::string& limit : taken.limits) {
            const bool is_outcome = limit == turns_limit::stuck;
            // A sleep that is over at once is a sleep: of its length nothing was promised.
            if (limit == turns_limit::sleep) {
                slept_ = true;
            } else if (!is_outcome) {
                take_limit(limit);
            }
        }
    }

    Result<void> run_free() {
        const auto until = Clock::now() + options_.most_time;
        for (;
             explored_.free_runs < options_.free_runs && Clock::now() < until && !(options_.wants_end && options_.wants_end());
             ++explored_.free_runs) {
            auto one = run_once(launch_, nullptr, run_patience);
            if (!one) {
                return std::unexpected(one.error());
            }
            Outcome outcome = known_outcome(one->outcome, one->raw);
            if (outcome.end == RunEnd::busy) {  // nobody knows of a free run that it is stuck, but that it never ends
                Outcome stuck = outcome;
                stuck.end = RunEnd::stuck;
                outcome = outcomes_.contains(stuck) ? stuck : outcome;
            }
            auto [at, fresh] = outcomes_.try_emplace(outcome);
            if (fresh) {
                at->second.raw = std::move(one->raw);
            }
            ++at->second.told.free_runs;
            if (fresh && explored_.exhaustive) {  // it was not exhaustive then
                explored_.exhaustive = false;
                explored_.cut = CutReason::chance;
            }
        }
        return {};
    }

    // Of those that were found by turning them round: one that came the other way round in another outcome decides.
    void find_pairs() {
        explored_.pairs = both_ways(turned_);
        for (auto& [outcome, kept] : outcomes_) {
            kept.told.decided_by = pairs_in(explored_.pairs, kept.turns);
        }
        // What was so in all outcomes decided nothing between them.
        for (std::size_t i = 0; i < explored_.pairs.size(); ++i) {
            const auto has = [&](const auto& entry) {
                return std::ranges::find(entry.second.told.decided_by, i) != entry.second.told.decided_by.end();
            };
            if (std::ranges::all_of(outcomes_, has)) {
                for (auto& [outcome, kept] : outcomes_) {
                    std::erase(kept.told.decided_by, i);
                }
            }
        }
        for (auto& [outcome, kept] : outcomes_) {
            kept.told.decided_by = without_what_follows(explored_.pairs, kept.told.decided_by);
        }
    }

    // Each outcome is run once more by its choices: that is its recording, and shows that they lead to it.
    Result<void> keep() {
        std::size_t number = 0;
        for (auto& [outcome, kept] : outcomes_) {
            ++number;
            if (!kept.told.by_turns) {
                continue;
            }
            const auto file = options_.file_for ? options_.file_for(number) : Result<std::filesystem::path>();
            if (!file) {
                return std::unexpected(file.error());
            }
            const auto replayed = replay_launched(launch_, options_.title, kept.told.choices, *file);
            if (!replayed) {
                return std::unexpected(replayed.error());
            }
            kept.told.recording = *file;
            if (!replayed->as_asked || known_outcome(replayed->outcome, replayed->raw) != outcome) {
                explored_.exhaustive = false;
                explored_.cut = CutReason::chance;
            }
        }
        return {};
    }

    void finish() {
        if (slept_) {
            explored_.limits.emplace_back(turns_limit::sleep);
        }
        for (auto& [outcome, kept] : outcomes_) {
            kept.told.outcome = outcome;
            explored_.outcomes.push_back(std::move(kept.told));
        }
    }

    const ExploreOptions& options_;
    LaunchCommand launch_;
    Clock::time_point until_;
    Explored explored_;
    bool slept_ = false;
    std::map<Outcome, Kept> outcomes_;
    std::vector<const Outcome*> outcomes_of_runs_;  // null: it was given up
    std::set<DecidingPair> turned_;
    KnownActs known_acts_;
};

}  // namespace

Result<Explored> explore(const ExploreOptions& options) {
    return Exploration(options).run();
}

Result<Replayed> replay(const ExploreOptions& options, const std::vector<std::string>& choices,
                        const std::filesystem::path& file) {
    LaunchCommand launch = exploring(options.launch);
    const auto execs = launcher_execs(options, launch);
    if (!execs) {
        return std::unexpected(execs.error());
    }
    launch.execs_before_turns = *execs;
    return replay_launched(launch, options.title, choices, file);
}

}  // namespace procatlas
