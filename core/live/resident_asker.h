// When to ask which pages of a process are resident: after something happened to it, one question at a time, not too often.
// Pure.
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
    // When to call `ask` again though nothing new arrived; nullopt: no need.
    [[nodiscard]] std::optional<Moment> due() const { return due_; }
    // Another recording begins.
    void clear() { *this = {}; }

private:
    std::optional<ProcessKey> asked_;  // in flight: about whom …
    std::size_t moment_ = 0;           // … and how many events there were
    Moment next_{};                    // not before
    std::optional<Moment> due_;
};

}  // namespace procatlas
