// What else could have happened: runs a program again and again, each time in another order of its processes' acts
// (core/observe/linux/trace/turns.h), first systematically, then at random, and tells the outcomes. Starts processes; blocks.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/explore/chooser.h"
#include "core/explore/deciding_pairs.h"
#include "core/explore/outcome.h"
#include "core/model/command.h"

namespace procatlas {

struct ExploreOptions {
    LaunchCommand launch;  // what to run; how it is followed is set by `explore`
    std::string title;     // of the recordings
    // How many execs of the first process only launch the program (outcome.h); nullopt: a run before the others finds out.
    std::optional<std::uint32_t> launcher_execs;
    std::size_t most_runs = 1000;                 // beside those of `free_runs` and of the recordings
    std::chrono::milliseconds most_time{60'000};  // the same; the free runs have it once more
    std::uint64_t seed = 1;                       // of the random runs
    std::size_t free_runs = 0;                    // runs under the system's own scheduling
    // Where the recording of an outcome is kept, by its number from 1; an empty path: it is not. Empty: none is.
    std::function<Result<std::filesystem::path>(std::size_t)> file_for;
    std::function<bool()> wants_end;  // asked between the runs; empty: never
};

struct ExploredOutcome {
    Outcome outcome;
    std::size_t runs = 0;
    std::size_t free_runs = 0;
    std::vector<std::string> choices;     // of the fewest: who goes on, each time several may; then whoever went last goes on
    bool by_turns = false;                // `choices` lead to it; else only a free run did
    std::filesystem::path recording;      // empty: none was kept
    std::vector<std::size_t> decided_by;  // indices of the pairs that came in this order in it
    std::optional<std::size_t> alike;     // another outcome, of which a run had all of these pairs in this order too
};

// Why the search did not see all there is.
enum class CutReason { none, runs, time, ended, chance, limits };

struct Explored {
    std::size_t runs = 0;      // that took turns, from the start to the end
    std::size_t given_up = 0;  // ended as soon as nothing new could come of them
    std::size_t free_runs = 0;
    bool exhaustive = false;  // these are all
    CutReason cut = CutReason::none;
    std::vector<std::string> limits;        // what was not explored: of turns_limit
    std::vector<ExploredOutcome> outcomes;  // in the order of their output
    std::vector<DecidingPair> pairs;
    std::uint32_t launcher_execs = 0;  // for `replay`
    std::chrono::milliseconds took{0};
};

// Error: the program cannot be run.
[[nodiscard]] Result<Explored> explore(const ExploreOptions& options);

// One run by these choices. Where they are at an end, or ask for who may not go, whoever went last goes on, or the first by
// name.
struct Replayed {
    Outcome outcome;
    bool as_asked = true;              // each choice could be made
    std::vector<std::string> unknown;  // of the choices: no process or thread of the run has these names
    std::vector<std::string> limits;
    std::vector<std::string> raw;      // the lines as they were printed, with their PIDs
    std::vector<std::string> threads;  // the names of further threads
};
// `file`: where its recording is kept; empty: nowhere. Error: the program cannot be run, or the file cannot be written.
[[nodiscard]] Result<Replayed> replay(const ExploreOptions& options, const std::vector<std::string>& choices,
                                      const std::filesystem::path& file = {});

}  // namespace procatlas
