// Tells at which events the stop points of a person are reached. Fed in order with the events at which a process can be held,
// once their inside is known. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/model/observed_event.h"
#include "core/model/stop_points.h"

namespace procatlas {

struct Stack;
struct Variable;

class StopWatch {
public:
    void set(StopPoints points) { points_ = std::move(points); }
    // True: at this event a line is about to run that has a stop, or a variable with one has another value than at the event
    // before: a global in its process, a local in its frame. One that has only just come has not changed.
    [[nodiscard]] bool stops(const ObservedEvent& event);

    // A global that the processor can watch, in one process.
    struct Watched {
        AddressRange place;
        std::string name;

        bool operator==(const Watched&) const = default;
    };
    // Those of a process that have a stop, as far as `stops` has seen where they are; at most `most_watched`.
    [[nodiscard]] std::vector<Watched> watched_in(std::int32_t pid) const;
    // The processes of which something was seen.
    [[nodiscard]] std::vector<std::int32_t> processes() const;

private:
    using Variables = std::vector<Variable>;
    using Place = std::pair<std::string, std::uint32_t>;  // file and line

    [[nodiscard]] bool reaches_line(const ObservedEvent& event);
    [[nodiscard]] bool changes_variable(const ObservedEvent& event, const Stack* before, const Variables* globals) const;

    StopPoints points_;
    std::map<std::int32_t, Place> places_;                              // of each thread, at instructions
    std::map<std::int32_t, std::shared_ptr<const Stack>> stacks_;       // of each thread, at its last event
    std::map<std::int32_t, std::shared_ptr<const Variables>> globals_;  // of each process, as last read
};

}  // namespace procatlas
