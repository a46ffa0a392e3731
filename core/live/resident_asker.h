// Decides when to ask which pages of a process are resident: after an event of the process, one question at a time, not too
// often. Pure.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

#include "core/model/command.h"
#include "core/model/world.h"

namespace procatlas {

class ResidentAsker {
public:
    using Moment = std::chrono::steady_clock::time_point;

    // The question to send now about `process`, an index in World::processes; nullopt: none, or not yet (see `due`).
    [[nodiscard]] std::optional<MeasureCommand> ask(const World& world, std::optional<std::size_t> process, Moment now);
    // When to call `ask` again even if nothing new arrived; nullopt: no need.
    [[nodiscard]] std::optional<Moment> due() const { return due_; }
    // Call this when another recording begins.
    void clear() { *this = {}; }

private:
    std::optional<ProcessKey> asked_;  // the question in flight: its process …
    std::size_t moment_ = 0;           // … and the number of events when it was asked
    Moment next_{};                    // no question before this time
    std::optional<Moment> due_;
};

}  // namespace procatlas
