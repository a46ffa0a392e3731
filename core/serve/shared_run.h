// A run as its owner shares it now, and what the class is asked.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/recording.h"
#include "core/serve/shared_step.h"

namespace procatlas {

// An answer that was typed, as it is counted: those that mean the same have the same key.
struct TypedAnswer {
    std::string key;
    std::string text;    // as a person reads it
    bool right = false;  // where the question is not open
};

// A question to everybody who is here. While it is open, nothing of the run is given out: it could be the answer.
struct SharedQuestion {
    struct Choice {
        std::string key;
        std::string text;
    };
    std::string key;  // another one is another question
    std::string ask;
    std::vector<Choice> choices{};     // empty: the answer is typed
    bool open = true;                  // false: it has been answered, by the run
    std::vector<std::string> right{};  // choices; where it is not open
    // Of an answer that is typed; nullopt: it is none. What it gives for a key has that key.
    std::function<std::optional<TypedAnswer>(std::string_view)> read{};
};

// What is given out of a moment. A lesson keeps back what it still asks.
struct SharedParts {
    bool tree = true;
    bool memory = true;
    bool timeline = true;
    bool sentence = true;

    bool operator==(const SharedParts&) const = default;
};

// The run as it is now.
struct SharedRun {
    const Recording& recording;
    std::size_t generation = 0;         // counts the recordings; another one is another run
    std::size_t images = 0;             // counts what was learnt of programs: it changes how old moments look, too
    std::string title;                  // empty: the command
    std::optional<std::size_t> moment;  // that everybody is shown; nullopt: the last
    bool live = false;                  // commands reach a process
    bool holding = false;
    bool takes_commands = false;  // StartCommand
    std::optional<SharedQuestion> question{};
    std::shared_ptr<const SharedStep> step{};  // of a lesson; null: there is none. Another one where anything of it has changed

    std::optional<std::size_t> until{};  // nothing of what came after this moment is given out; nullopt: all

    SharedParts parts{};

    // How many moments are given out.
    [[nodiscard]] std::size_t given() const {
        const std::size_t all = recording.events().size();
        return until ? std::min(*until + 1, all) : all;
    }
    // The last of them.
    [[nodiscard]] std::size_t last() const { return std::max(given(), std::size_t{1}) - 1; }
    // The moment that everybody is shown.
    [[nodiscard]] std::size_t shown() const { return std::min(moment.value_or(last()), last()); }
};

}  // namespace procatlas
