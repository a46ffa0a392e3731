// What a run of a program came to, in words that are the same in each run that came to the same. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/model/recording.h"

namespace procatlas {

// The names of processes that are the same in each run: P, its children in the order of their births C1, C2, ..., C1.1.
class RunNames {
public:
    // Processes that the first one made before it had called exec so many times are its launcher's: L1, L2, ...
    void begin(std::int32_t pid, std::size_t launcher_execs);
    void executes(std::int32_t pid);
    // The name of the newborn.
    const std::string& born(std::int32_t parent, std::int32_t child);
    // Threads of a process beside its first, by their numbers, in any order: P.T1, P.T2 in the order in which they were made.
    void has_threads(std::int32_t process, std::vector<std::int32_t> threads);
    // Empty: not known.
    [[nodiscard]] const std::string& of(std::int32_t pid) const;
    // The text with each number that is the PID of one of them, or the number of a thread, replaced by its name, and that of
    // `observer`, who adopts orphans and is P's parent, by "init".
    [[nodiscard]] std::string in_text(std::string_view text, std::int32_t observer) const;

private:
    [[nodiscard]] bool launching() const { return execs_left_ > 0; }

    std::unordered_map<std::int32_t, std::string> names_;
    std::int32_t first_ = 0;
    std::size_t execs_left_ = 0;
    int launched_ = 0;
    std::unordered_map<std::string, int> children_;
};

enum class RunEnd {
    ended,  // all processes have
    stuck,  // all waited for one another, or for what never came
    busy,   // one computed for long, or took too many turns
};

struct Outcome {
    std::vector<std::string> output;          // lines as they came to the terminal, without line ends
    std::string tree;                         // "P(C1(C1.1) C2)"
    std::map<std::string, std::string> exit;  // by name: "0", "SIGKILL"; without those that did not end
    RunEnd end = RunEnd::ended;

    bool operator==(const Outcome&) const = default;
    auto operator<=>(const Outcome&) const = default;
};

// "0", "SIGKILL".
[[nodiscard]] std::string exit_text(const ExitEvent& exit);

[[nodiscard]] RunNames run_names(const Recording& recording, std::size_t launcher_execs);
// The lines of the output as they were printed.
[[nodiscard]] std::vector<std::string> printed_lines_of(const Recording& recording);
[[nodiscard]] Outcome outcome_of(const Recording& recording, RunEnd end, std::size_t launcher_execs = 0);

// How many execs of the first process belong to what only launched the program (model/launcher.h).
[[nodiscard]] std::size_t launcher_execs_of(const Recording& recording);

}  // namespace procatlas
