// Explorations of real programs against what a model of each can print (order_model.h).
#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "core/explore/explore.h"
#include "core/store/read_recording.h"
#include "tests/live/live_support.h"
#include "tests/live/order_model.h"
#include "tests/scratch_folder.h"

using namespace procatlas;
using namespace procatlas::live;

namespace {

ExploreOptions orders(const std::vector<std::string>& arguments) {
    ExploreOptions options;
    std::vector<std::string> words{fixture("orders")};
    words.insert(words.end(), arguments.begin(), arguments.end());
    options.launch = command(words);
    options.title = "orders";
    options.launcher_execs = 0;
    return options;
}

std::string printed(const Outcome& outcome) {
    std::string text;
    for (const std::string& line : outcome.output) {
        text += line + "\n";
    }
    return text + (outcome.end == RunEnd::stuck ? "(stuck)" : "");
}

std::set<std::string> outputs_of(const Explored& explored) {
    std::set<std::string> outputs;
    for (const ExploredOutcome& one : explored.outcomes) {
        outputs.insert(printed(one.outcome));
    }
    return outputs;
}

std::string in_full(const Outcome& outcome) {
    std::string text = printed(outcome) + " " + outcome.tree + " end " + std::to_string(static_cast<int>(outcome.end));
    for (const auto& [who, exit] : outcome.exit) {
        text += " " + who + " " + exit;
    }
    return text;
}

std::string why_not_all(const Explored& explored) {
    std::string text = std::to_string(static_cast<int>(explored.cut));
    for (const ExploredOutcome& one : explored.outcomes) {
        text += " [" + printed(one.outcome) + one.outcome.tree + " runs " + std::to_string(one.runs) + " free " +
                std::to_string(one.free_runs) + "]";
    }
    return text;
}

// Each outcome is there again ten times of ten. Under the sanitizers two must do: ten would take minutes.
#ifdef PROCATLAS_SANITIZED
constexpr int replays = 2;
#else
constexpr int replays = 10;
#endif

void check_replays(const ExploreOptions& options, const Explored& explored) {
    for (const ExploredOutcome& one : explored.outcomes) {
        for (int i = 0; i < replays; ++i) {
            const auto again = replay(options, one.choices);
            REQUIRE(again);
            CHECK(again->as_asked);
            CHECK(printed(again->outcome) == printed(one.outcome));
            CHECK_MESSAGE(again->outcome == one.outcome, in_full(again->outcome) << " instead of " << in_full(one.outcome));
        }
    }
}

void check_against(const Model& model, const ExploreOptions& options) {
    const auto explored = explore(options);
    REQUIRE_MESSAGE(explored, explored.error().message);
    CHECK_MESSAGE(explored->exhaustive, why_not_all(*explored));
    CHECK(explored->limits.empty());
    CHECK_MESSAGE(outputs_of(*explored) == live::outputs_of(model), why_not_all(*explored));
    check_replays(options, *explored);
}

Model children_model(int count) {
    Model model;
    for (int i = 1; i <= count; ++i) {
        const std::string child = "C" + std::to_string(i);
        model["P"].push_back(make(child));
        model[child] = {print(std::to_string(i))};
    }
    for (int i = 1; i <= count; ++i) {  // which one it waits for first does not matter
        model["P"].push_back(wait_for("C" + std::to_string(i)));
    }
    return model;
}

}  // namespace

TEST_CASE("two children print in two orders, three in six") {
    CHECK(live::outputs_of(children_model(2)).size() == 2);
    check_against(children_model(2), orders({"two"}));
    CHECK(live::outputs_of(children_model(3)).size() == 6);
    check_against(children_model(3), orders({"three"}));
}

TEST_CASE("two forks make four processes that print in all orders") {
    Model model;
    model["P"] = {make("C1"), make("C2"), print("P"), wait_for("C1"), wait_for("C2")};
    model["C1"] = {make("C1.1"), print("C1"), wait_for("C1.1")};
    model["C1.1"] = {print("C1.1")};
    model["C2"] = {print("C2")};
    CHECK(live::outputs_of(model).size() == 24);
    check_against(model, orders({"forks"}));
}

TEST_CASE("what was printed before a fork is there once on a terminal, and twice by a pipe") {
    Model terminal;
    terminal["P"] = {print("before"), make("C1"), print("parent"), wait_for("C1")};
    terminal["C1"] = {print("child")};
    check_against(terminal, orders({"printed-twice"}));

    // The buffer of each is written at once: at the child's end, and where the parent says so.
    Model pipe;
    pipe["P"] = {make("C1"), wait_for("C1"), [](ModelState& state) {
                     state.output = state.texts["pipe"];
                     return Did::went_on;
                 }};
    const auto put = [](const std::string& text) {
        return [text](ModelState& state) {
            state.texts["pipe"] += text;
            return Did::went_on;
        };
    };
    pipe["C1"] = {make("C1.1"), put("before\nparent\n"), wait_for("C1.1")};
    pipe["C1.1"] = {put("before\nchild\n")};
    CHECK(live::outputs_of(pipe).size() == 2);
    check_against(pipe, orders({"printed-twice-by-pipe"}));
}

TEST_CASE("a parent that waits is always there, one that does not may have gone") {
    Model waiting;
    waiting["P"] = {make("C1"), wait_for("C1"), print("parent")};
    waiting["C1"] = {print("child of P")};
    check_against(waiting, orders({"waiting"}));

    Model not_waiting;
    not_waiting["P"] = {make("C1"), print("parent")};
    not_waiting["C1"] = {[](ModelState& state) {
                             state.numbers["orphan"] = state.numbers.contains("ended P") ? 1 : 0;
                             return Did::went_on;
                         },
                         [](ModelState& state) {
                             state.output += state.numbers["orphan"] != 0 ? "child of init\n" : "child of P\n";
                             return Did::went_on;
                         }};
    CHECK(live::outputs_of(not_waiting).size() == 3);
    check_against(not_waiting, orders({"not-waiting"}));
}

TEST_CASE("a reader of a pipe may start when one or both texts are in it") {
    Model model;
    const auto put = [](ModelState& state) {
        state.texts["pipe"] += "xx";
        return Did::went_on;
    };
    const ModelAct read = [](ModelState& state) {
        std::string& pipe = state.texts["pipe"];
        if (pipe.empty() && state.numbers["closed"] == 0) {
            return Did::waits;
        }
        state.numbers["got"] = static_cast<int>(pipe.size());
        pipe.clear();
        return Did::went_on;
    };
    const ModelAct tell = [](ModelState& state) {
        if (state.numbers["got"] == 0) {
            return Did::ends;
        }
        state.output += std::to_string(state.numbers["got"]) + "\n";
        return Did::went_on;
    };
    const ModelAct close = [](ModelState& state) {
        state.numbers["closed"] = 1;
        return Did::went_on;
    };
    model["P"] = {make("C1"), put, put, close, wait_for("C1")};
    model["C1"] = {read, tell, read, tell, read, tell};
    CHECK(live::outputs_of(model).size() == 2);
    check_against(model, orders({"reader"}));
}

TEST_CASE("two that add one to a number in a file may lose one") {
    const ScratchFolder folder;
    Model model;
    model["P"] = {make("C1"), make("C2"), wait_for("C1"), wait_for("C2"), [](ModelState& state) {
                      state.output += std::to_string(state.numbers["file"]) + "\n";
                      return Did::went_on;
                  }};
    for (const std::string who : {"C1", "C2"}) {
        model[who] = {[who](ModelState& state) {
                          state.numbers[who] = state.numbers["file"];
                          return Did::went_on;
                      },
                      [who](ModelState& state) {
                          state.numbers["file"] = state.numbers[who] + 1;
                          return Did::went_on;
                      }};
    }
    CHECK(live::outputs_of(model) == std::set<std::string>{"1\n", "2\n"});
    check_against(model, orders({"lost-update", (folder.path() / "number").string()}));
}

TEST_CASE("a signal comes before its handler is set, or after, or when all is over") {
    Model model;
    // 1: it is on its way; it is taken before the next act.
    const auto acting = [](const ModelAct& act) {
        return [act](ModelState& state) {
            if (state.numbers["signal"] == 1) {
                if (state.numbers["handler"] == 0) {
                    return Did::ends;
                }
                state.output += "handled\n";
                state.numbers["signal"] = 2;
            }
            return act(state);
        };
    };
    model["P"] = {make("C1"),
                  [](ModelState& state) {
                      state.numbers["signal"] = 1;
                      return Did::went_on;
                  },
                  wait_for("C1")};
    model["C1"] = {acting([](ModelState& state) {
                       state.numbers["handler"] = 1;
                       return Did::went_on;
                   }),
                   acting(print("ready")), acting([](ModelState&) { return Did::ends; })};
    CHECK(live::outputs_of(model) == std::set<std::string>{"", "ready\n", "handled\nready\n", "ready\nhandled\n"});
    check_against(model, orders({"signalled"}));
}

TEST_CASE("a parent that only looks into a pipe may find it empty") {
    Model model;
    model["P"] = {make("C1"),
                  [](ModelState& state) {
                      state.numbers["seen"] = static_cast<int>(state.texts["pipe"].size());
                      return Did::went_on;
                  },
                  [](ModelState& state) {
                      state.output += state.numbers["seen"] != 0 ? "ready\n" : "not yet\n";
                      return Did::went_on;
                  },
                  wait_for("C1")};
    model["C1"] = {[](ModelState& state) {
        state.texts["pipe"] += "x";
        return Did::went_on;
    }};
    CHECK(live::outputs_of(model).size() == 2);
    check_against(model, orders({"polling"}));
}

TEST_CASE("a handler of SIGCHLD that is set late may miss the child") {
    Model model;
    const auto acting = [](const ModelAct& act) {
        return [act](ModelState& state) {
            if (state.numbers["signal"] == 1) {
                state.output += "ended\n";
                state.numbers["signal"] = 2;
            }
            return act(state);
        };
    };
    model["P"] = {make("C1"),
                  [](ModelState& state) {
                      state.numbers["handler"] = 1;
                      return Did::went_on;
                  },
                  acting(print("parent")), acting([](ModelState&) { return Did::ends; })};
    model["C1"] = {[](ModelState& state) {
        state.numbers["signal"] = state.numbers["handler"];
        return Did::ends;
    }};
    CHECK(live::outputs_of(model) == std::set<std::string>{"parent\n", "ended\nparent\n", "parent\nended\n"});
    check_against(model, orders({"late-handler"}));
}

TEST_CASE("who pauses after the signal has come waits for ever") {
    const auto options = orders({"pausing"});
    const auto explored = explore(options);
    REQUIRE(explored);
    CHECK_MESSAGE(explored->exhaustive, why_not_all(*explored));
    CHECK(outputs_of(*explored) == std::set<std::string>{"handled\n", "handled\n(stuck)"});
    check_replays(options, *explored);
}

TEST_CASE("processes that wait for one another are told to be stuck") {
    const auto options = orders({"stuck"});
    const auto explored = explore(options);
    REQUIRE(explored);
    CHECK_MESSAGE(explored->exhaustive, why_not_all(*explored));
    REQUIRE(explored->outcomes.size() == 1);
    CHECK(explored->outcomes.front().outcome.end == RunEnd::stuck);
    CHECK(explored->outcomes.front().outcome.exit.empty());
    check_replays(options, *explored);
}

TEST_CASE("the numbers of threads are not told as chance") {
    ExploreOptions options = orders({"threads"});
    options.free_runs = 3;
    const auto explored = explore(options);
    REQUIRE(explored);
    CHECK(explored->cut != CutReason::chance);
    REQUIRE(explored->outcomes.size() == 1);
    CHECK(explored->outcomes.front().outcome.output == std::vector<std::string>{"thread P.T1 of P", "thread P.T2 of P"});
    const auto replayed = replay(options, {"P.T2", "P.T3"});
    REQUIRE(replayed);
    CHECK(replayed->unknown == std::vector<std::string>{"P.T3"});
}

TEST_CASE("a program that depends on chance is told to") {
    ExploreOptions options = orders({"by-chance"});
    options.free_runs = 12;
    const auto explored = explore(options);
    REQUIRE(explored);
    CHECK_FALSE(explored->exhaustive);
    CHECK(explored->cut == CutReason::chance);
}

TEST_CASE("a search that is cut says so, and goes on by chance") {
    ExploreOptions options = orders({"forks"});
    options.most_runs = 8;
    const auto explored = explore(options);
    REQUIRE(explored);
    CHECK_FALSE(explored->exhaustive);
    CHECK(explored->cut == CutReason::runs);
    CHECK(explored->runs + explored->given_up == 8);
    CHECK(explored->outcomes.size() > 1);
    for (const ExploredOutcome& one : explored->outcomes) {
        const auto again = replay(options, one.choices);
        REQUIRE(again);
        CHECK(again->outcome == one.outcome);
    }
}

TEST_CASE("each outcome has a recording that shows it, and says what decides") {
    const ScratchFolder folder;
    ExploreOptions options = orders({"two"});
    options.file_for = [&](std::size_t number) { return folder.path() / (std::to_string(number) + ".procatlas"); };
    const auto explored = explore(options);
    REQUIRE(explored);
    REQUIRE(explored->outcomes.size() == 2);
    for (const ExploredOutcome& one : explored->outcomes) {
        const auto recording = read_recording(one.recording);
        REQUIRE(recording);
        CHECK(outcome_of(recording->recording, RunEnd::ended) == one.outcome);
        REQUIRE(one.decided_by.size() == 1);
        const DecidingPair& pair = explored->pairs[one.decided_by.front()];
        CHECK(pair.first == "C" + one.outcome.output.front());
        CHECK(pair.first_act == TurnAct::writes);
        CHECK(pair.second == "C" + one.outcome.output.back());
    }
}

TEST_CASE("a recording with its memory calls takes the same turns: each of six orders is shown by its own") {
    const ScratchFolder folder;
    ExploreOptions options = orders({"three"});
    options.file_for = [&](std::size_t number) { return folder.path() / (std::to_string(number) + ".procatlas"); };
    const auto explored = explore(options);
    REQUIRE(explored);
    CHECK_MESSAGE(explored->exhaustive, why_not_all(*explored));
    REQUIRE(explored->outcomes.size() == 6);
    std::size_t memory_calls = 0;
    for (const ExploredOutcome& one : explored->outcomes) {
        const auto recording = read_recording(one.recording);
        REQUIRE(recording);
        CHECK(outcome_of(recording->recording, RunEnd::ended) == one.outcome);
        for (const Event& event : recording->recording.events()) {
            memory_calls += std::holds_alternative<MemoryEvent>(event.detail) ? 1 : 0;
        }
    }
    CHECK(memory_calls > 0);
}

TEST_CASE("under the system's own scheduling no other outcome comes than was found") {
    ExploreOptions options = orders({"three"});
    options.free_runs = 20;
    const auto explored = explore(options);
    REQUIRE(explored);
    CHECK_MESSAGE(explored->exhaustive, why_not_all(*explored));
    CHECK(explored->free_runs == 20);
    std::size_t free_runs = 0;
    for (const ExploredOutcome& one : explored->outcomes) {
        free_runs += one.free_runs;
    }
    CHECK(free_runs == 20);
}

TEST_CASE("no exploration leaves a process behind") {
    const std::string mark = "marked-by-" + std::to_string(::getpid());
    REQUIRE(explore(orders({"stuck", mark})));
    REQUIRE(explore(orders({"not-waiting", mark})));
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
        std::ifstream file(entry.path() / "cmdline");
        std::string words;
        std::getline(file, words, '\n');  // it may be gone
        CHECK_MESSAGE(words.find(mark) == std::string::npos, entry.path().string());
    }
}
