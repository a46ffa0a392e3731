// Who says which process goes on while a program is explored: a systematic search, chance, or a list of choices.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "core/model/turns.h"

namespace procatlas {

// A process that stands before an act, by the name that it has in each run: P, C1 for its first child, C1.2.
// A further thread of a process: "C1.T1".
struct Contender {
    std::string who;
    Standing standing;
};

// One for all runs, or for one. Called in the order of what happens.
class Chooser {
public:
    Chooser() = default;
    Chooser(const Chooser&) = delete;
    Chooser& operator=(const Chooser&) = delete;
    virtual ~Chooser() = default;

    // Of all that stand, in the order of their names, at least two may go: the index of the one that does. nullopt: nothing new
    // can come of this run, so it is ended.
    [[nodiscard]] virtual std::optional<std::size_t> choose(std::span<const Contender> standing) = 0;
    // This one goes on. False: nothing new can come of this run.
    enum class Why { chosen, alone };
    [[nodiscard]] virtual bool goes(const Contender& one, Why why) = 0;
    // A process was made in the last turn.
    virtual void born(const std::string& who, const std::string& parent) = 0;
};

}  // namespace procatlas
