// Tells at which events the stop points of a person are reached. Fed with every event in order, once its inside is known. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "core/model/observed_event.h"
#include "core/model/stop_points.h"

namespace procatlas {

class StopWatch {
public:
    void set(StopPoints points);
    // True: at this event a line is about to run that has a stop, or a variable with one has another value than before. A
    // variable that has only just come has not changed.
    [[nodiscard]] bool stops(const ObservedEvent& event);

private:
    using Place = std::pair<std::string, std::uint32_t>;  // file and line

    [[nodiscard]] bool reaches_line(const ObservedEvent& event);
    [[nodiscard]] bool changes_variable(const ObservedEvent& event);

    StopPoints points_;
    std::map<std::int32_t, Place> places_;                                // of each thread, at instructions
    std::map<std::pair<std::int32_t, std::size_t>, std::string> values_;  // by process and place in `points_.variables`
};

}  // namespace procatlas
