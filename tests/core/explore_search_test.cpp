// The search on made-up programs: a list of acts for each process, that only count as acts of some thing.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "core/explore/choosers.h"
#include "core/explore/search.h"

using namespace procatlas;

namespace {

struct MadeUpAct {
    std::string thing;
    TouchMode mode = TouchMode::change;
    std::string after{};  // may go when this process has ended; empty: always
};
using MadeUp = std::map<std::string, std::vector<MadeUpAct>>;

Contender standing_of(const std::string& who, const MadeUpAct& act, bool may_go) {
    Standing standing;
    standing.process = {static_cast<std::int32_t>(who.back()), 1};
    standing.thread = standing.process.pid;
    standing.touches = {{act.thing, act.mode}};
    standing.may_go = may_go;
    return {who, standing};
}

// The order in which they went: "AAB"; empty: the chooser had enough.
std::string run(const MadeUp& program, Chooser& chooser) {
    std::map<std::string, std::size_t> next;
    std::string went;
    while (true) {
        std::vector<Contender> standing;
        for (const auto& [who, acts] : program) {
            if (next[who] < acts.size()) {
                const std::string& after = acts[next[who]].after;
                standing.push_back(standing_of(who, acts[next[who]], after.empty() || next[after] == program.at(after).size()));
            }
        }
        const auto may_go = std::ranges::count_if(standing, [](const Contender& one) { return one.standing.may_go; });
        if (may_go == 0) {
            return went;
        }
        std::size_t chosen = 0;
        if (may_go > 1) {
            const auto answer = chooser.choose(standing);
            if (!answer) {
                return {};
            }
            chosen = *answer;
        } else {
            while (!standing[chosen].standing.may_go) {
                ++chosen;
            }
        }
        if (!chooser.goes(standing[chosen], may_go > 1 ? Chooser::Why::chosen : Chooser::Why::alone)) {
            return {};
        }
        went += standing[chosen].who;
        ++next[standing[chosen].who];
    }
}

// Whole runs, in order.
std::vector<std::string> search_all(const MadeUp& program) {
    Search search;
    std::vector<std::string> runs;
    for (std::size_t i = 0; !search.exhausted() && i < 5000; ++i) {
        search.begin_run();
        if (std::string went = run(program, search); !went.empty()) {
            runs.push_back(std::move(went));
        }
        search.end_run(i);
        CHECK_FALSE(search.diverged());
    }
    CHECK(search.exhausted());
    return runs;
}

// Every order there is.
void try_all(const MadeUp& program, std::map<std::string, std::size_t> next, const std::string& went,
             std::vector<std::string>& all) {
    bool somebody = false;
    for (const auto& [who, acts] : program) {
        if (next[who] < acts.size()) {
            const std::string& after = acts[next[who]].after;
            if (after.empty() || next[after] == program.at(after).size()) {
                somebody = true;
                auto then = next;
                ++then[who];
                try_all(program, then, went + who, all);
            }
        }
    }
    if (!somebody) {
        all.push_back(went);
    }
}

}  // namespace

TEST_CASE("orders of what does not meet are run once") {
    CHECK(search_all({{"A", {{"x"}, {"x"}}}, {"B", {{"y"}, {"y"}}}, {"C", {{"z"}}}}).size() == 1);
    const MadeUp readers{{"A", {{"x", TouchMode::look}}}, {"B", {{"x", TouchMode::look}}}, {"C", {{"x", TouchMode::look}}}};
    CHECK(search_all(readers).size() == 1);
}

TEST_CASE("all orders of what meets are run, each once") {
    const MadeUp three{{"A", {{"x"}}}, {"B", {{"x"}}}, {"C", {{"x"}}}};
    CHECK(search_all(three).size() == 6);
    const MadeUp twice{{"A", {{"x"}, {"x"}}}, {"B", {{"x"}, {"x"}}}};
    CHECK(search_all(twice).size() == 6);
}

TEST_CASE("of made-up programs by chance the search misses no meaning") {
    std::uint32_t state = 7;
    const auto random = [&state](std::uint32_t below) {
        state = state * 1664525 + 1013904223;
        return (state >> 16) % below;
    };
    for (int round = 0; round < 60; ++round) {
        MadeUp program;
        for (const char* who : {"A", "B", "C"}) {
            for (std::uint32_t i = 0; i < 1 + random(3); ++i) {
                constexpr std::array modes{TouchMode::look, TouchMode::add, TouchMode::change, TouchMode::change};
                program[who].push_back({std::string(1, static_cast<char>('x' + random(3))), modes[random(4)], ""});
            }
        }
        if (random(2) == 0) {
            program["C"].back().after = "A";
        }
        std::vector<std::string> all;
        try_all(program, {}, "", all);
        const auto runs = search_all(program);
        // All that can matter: which of two acts that depend on one another was first.
        const auto canonical = [&](const std::string& went) {
            std::vector<Contender> turns;
            std::vector<std::string> names;
            std::map<std::string, std::size_t> next;
            for (const char one : went) {
                const std::string who(1, one);
                names.push_back(who + std::to_string(next[who]));
                turns.push_back(standing_of(who, program.at(who)[next[who]++], true));
            }
            std::set<std::string> pairs;
            for (std::size_t i = 0; i < turns.size(); ++i) {
                for (std::size_t k = i + 1; k < turns.size(); ++k) {
                    if (depend(turns[i].standing, turns[k].standing)) {
                        pairs.insert(names[i] + names[k]);
                    }
                }
            }
            std::string text;
            for (const std::string& pair : pairs) {
                text += pair + " ";
            }
            return text;
        };
        std::set<std::string> meant;
        for (const std::string& went : all) {
            meant.insert(canonical(went));
        }
        std::set<std::string> seen;
        for (const std::string& went : runs) {
            seen.insert(canonical(went));
        }
        CHECK(seen == meant);
        CHECK(runs.size() <= all.size());
    }
}

TEST_CASE("a list of choices is followed, and then whoever went last goes on") {
    const MadeUp program{{"A", {{"x"}, {"x"}}}, {"B", {{"x"}, {"x"}}}};
    ListChooser none({});
    CHECK(run(program, none) == "AABB");
    ListChooser second({"B", "A"});
    CHECK(run(program, second) == "BAAB");
    CHECK_FALSE(second.failed());
    ListChooser wrong({"Z"});
    CHECK(run(program, wrong) == "AABB");
    CHECK(wrong.failed());
}

TEST_CASE("a program that does something else at the same choices is told to") {
    Search search;
    search.begin_run();
    std::ignore = run({{"A", {{"x"}}}, {"B", {{"x"}}}}, search);
    search.end_run(0);
    REQUIRE_FALSE(search.exhausted());
    search.begin_run();
    std::ignore = run({{"A", {{"x"}}}, {"C", {{"x"}}}}, search);
    search.end_run(1);
    CHECK(search.diverged());
}
