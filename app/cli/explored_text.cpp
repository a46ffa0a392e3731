#include "app/cli/explored_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "app/control/outcome_text.h"
#include "core/base/text.h"
#include "core/narrate/turn_text.h"

namespace procatlas {
namespace {

using nlohmann::ordered_json;

// Null: it was not cut.
const char* cut_name(CutReason cut) {
    switch (cut) {
        case CutReason::none:
            return nullptr;
        case CutReason::runs:
            return "runs";
        case CutReason::time:
            return "time";
        case CutReason::ended:
            return "ended";
        case CutReason::chance:
            return "chance";
        case CutReason::limits:
            return "limits";
    }
    return nullptr;
}

const char* end_name(RunEnd end) {
    switch (end) {
        case RunEnd::ended:
            return "ended";
        case RunEnd::stuck:
            return "stuck";
        case RunEnd::busy:
            return "busy";
    }
    return "";
}

ordered_json end_of(const std::string& text) {
    const bool number = !text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    return number ? ordered_json{{"code", std::stoi(text)}} : ordered_json{{"signal", text}};
}

void add_outcome(ordered_json& json, const Outcome& outcome) {
    json["output"] = outcome.output;
    json["tree"] = outcome.tree;
    ordered_json exits = ordered_json::object();
    for (const auto& [who, text] : outcome.exit) {
        exits[who] = end_of(text);
    }
    json["exit"] = std::move(exits);
    json["end"] = end_name(outcome.end);
}

ordered_json act_json(const std::string& who, TurnAct act, const std::string& object) {
    ordered_json json{{"process", who}, {"act", turn_act_name(act)}};
    if (!object.empty()) {
        json["object"] = object;
    }
    return json;
}

std::string share(std::size_t part, std::size_t whole) {
    return whole == 0 ? std::string() : fmt::format("{:.0f}", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

// "P 0, C1 SIGKILL"; where all ended with 0: nothing.
std::string exits_text(const Outcome& outcome) {
    const bool all_well = std::ranges::all_of(outcome.exit, [](const auto& exit) { return exit.second == "0"; });
    std::string text;
    for (const auto& [who, end] : outcome.exit) {
        text += fmt::format("{}{} {}", text.empty() ? "" : ", ", who, end);
    }
    return all_well ? std::string() : text;
}

void add_lines(std::string& text, const Outcome& outcome, const Messages& words) {
    for (const std::string& line : outcome.output) {
        text += fmt::format("    | {}\n", line);
    }
    if (outcome.output.empty()) {
        text += fmt::format("    {}\n", words.text("explored.no_output"));
    }
    text += fmt::format("    {}\n", words.format("explored.tree", outcome.tree));
    if (const std::string exits = exits_text(outcome); !exits.empty()) {
        text += fmt::format("    {}\n", words.format("explored.exits", exits));
    }
    if (outcome.end != RunEnd::ended) {
        text += fmt::format("    {}\n", words.text(outcome.end == RunEnd::stuck ? "explored.stuck" : "explored.busy"));
    }
}

std::string choices_text(const std::vector<std::string>& choices, const Messages& words) {
    return choices.empty() ? std::string(words.text("explored.no_choices"))
                           : words.format("explored.choices", fmt::format("{}", fmt::join(choices, ",")));
}

}  // namespace

std::string explored_text(const Explored& explored, const Messages& words) {
    std::string text =
        explored.runs == 1 ? std::string(words.text("explored.runs_one")) : words.format("explored.runs", explored.runs);
    text += "\n";
    const std::size_t count = explored.outcomes.size();
    const std::string why =
        explored.exhaustive ? std::string() : std::string(words.text(fmt::format("explored.cut_{}", cut_name(explored.cut))));
    text += (explored.exhaustive ? words.format(count == 1 ? "explored.all_one" : "explored.all", count)
             : count == 1        ? words.format("explored.some_one", why)
                                 : words.format("explored.some", count, why)) +
            "\n";
    for (const std::string& limit : explored.limits) {
        text += words.format("explored.limit", turns_limit_text(limit, words)) + "\n";
    }
    std::size_t number = 0;
    for (const ExploredOutcome& one : explored.outcomes) {
        text += fmt::format(
            "\n{}. {}", ++number,
            one.runs == 1 ? std::string(words.text("explored.share_one")) : words.format("explored.share", one.runs));
        if (explored.free_runs > 0) {
            text += explored.free_runs == 1
                        ? words.format("explored.free_share_one", share(one.free_runs, explored.free_runs))
                        : words.format("explored.free_share", share(one.free_runs, explored.free_runs), explored.free_runs);
        }
        text += "\n";
        add_lines(text, one.outcome, words);
        if (one.by_turns) {
            text += fmt::format("    {}\n", choices_text(one.choices, words));
        }
        for (const std::size_t index : count > 1 ? one.decided_by : std::vector<std::size_t>()) {
            const DecidingPair& pair = explored.pairs[index];
            text += fmt::format("    {}\n", deciding_pair_text(pair, words));
        }
        if (const auto like = decided_alike(explored, number - 1)) {
            text += fmt::format(
                "    {}\n",
                words.format(one.decided_by.empty() ? "explored.decided_unknown" : "explored.decided_alike", *like + 1));
        }
        if (!one.recording.empty()) {
            text += fmt::format("    {}\n", words.format("explored.recording", display_text(one.recording.native())));
        }
    }
    return text;
}

ordered_json explored_json(const Explored& explored) {
    ordered_json json{{"procatlas", PROCATLAS_VERSION},
                      {"runs", explored.runs},
                      {"given_up", explored.given_up},
                      {"free_runs", explored.free_runs},
                      {"seconds", static_cast<double>(explored.took.count()) / 1000.0},
                      {"exhaustive", explored.exhaustive}};
    const char* cut = cut_name(explored.cut);
    json["cut"] = cut != nullptr ? ordered_json(cut) : ordered_json();
    json["limits"] = explored.limits;
    ordered_json outcomes = ordered_json::array();
    for (const ExploredOutcome& one : explored.outcomes) {
        ordered_json row = ordered_json::object();
        add_outcome(row, one.outcome);
        row["runs"] = one.runs;
        row["free_runs"] = one.free_runs;
        row["choices"] = one.by_turns ? ordered_json(one.choices) : ordered_json();
        row["recording"] = one.recording.empty() ? ordered_json() : ordered_json(one.recording.native());
        ordered_json pairs = ordered_json::array();
        for (const std::size_t index : one.decided_by) {
            const DecidingPair& pair = explored.pairs[index];
            pairs.push_back({{"first", act_json(pair.first, pair.first_act, pair.first_object)},
                             {"second", act_json(pair.second, pair.second_act, pair.second_object)}});
        }
        row["decided_by"] = std::move(pairs);
        row["alike"] = one.alike ? ordered_json(*one.alike + 1) : ordered_json();
        outcomes.push_back(std::move(row));
    }
    json["outcomes"] = std::move(outcomes);
    return json;
}

std::string replayed_text(const Replayed& replayed, const Messages& words) {
    std::string text;
    add_lines(text, replayed.outcome, words);
    if (!replayed.unknown.empty()) {
        std::vector<std::string> known{replayed.outcome.tree};
        known.insert(known.end(), replayed.threads.begin(), replayed.threads.end());
        text += fmt::format("    {}\n",
                            words.format("explored.unknown", display_text(fmt::format("{}", fmt::join(replayed.unknown, ", "))),
                                         fmt::format("{}", fmt::join(known, ", "))));
    } else if (!replayed.as_asked) {
        text += fmt::format("    {}\n", words.text("explored.not_as_asked"));
    }
    return text;
}

ordered_json replayed_json(const Replayed& replayed, const std::vector<std::string>& choices) {
    ordered_json json{{"procatlas", PROCATLAS_VERSION}};
    add_outcome(json, replayed.outcome);
    json["choices"] = choices;
    json["as_asked"] = replayed.as_asked;
    json["unknown"] = replayed.unknown;
    json["limits"] = replayed.limits;
    return json;
}

}  // namespace procatlas
