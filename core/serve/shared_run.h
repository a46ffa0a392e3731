// A run as its owner shares it now, and what the class is asked. Plain values.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "core/model/recording.h"

namespace procatlas {

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

    // The moment that everybody is shown.
    [[nodiscard]] std::size_t shown() const {
        return std::min(moment.value_or(recording.last_moment()), recording.last_moment());
    }
};

}  // namespace procatlas
