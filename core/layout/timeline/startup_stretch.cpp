#include "core/layout/timeline/startup_stretch.h"

#include <algorithm>
#include <variant>

namespace procatlas {
namespace {

constexpr std::size_t least_folded = 4;
constexpr std::size_t most_looked_at = 50'000;  // events

bool is_own_code(const EventDetail& detail) {
    return std::holds_alternative<CallEvent>(detail) || std::holds_alternative<LineEvent>(detail) ||
           std::holds_alternative<InstructionEvent>(detail);
}

bool is_more_than_startup(const EventDetail& detail) {
    return std::holds_alternative<ForkEvent>(detail) || std::holds_alternative<ExitEvent>(detail) ||
           std::holds_alternative<OutputEvent>(detail) || std::holds_alternative<SignalEvent>(detail);
}

}  // namespace

double StartupStretch::place_of(double moment) const {
    const auto from = static_cast<double>(first);
    const auto length = static_cast<double>(end) - from;
    return empty() || moment <= from ? moment
           : moment >= from + length ? moment - length + width
                                     : from + (moment - from) / length * width;
}

double StartupStretch::moment_at(double place) const {
    const auto from = static_cast<double>(first);
    const auto length = static_cast<double>(end) - from;
    return empty() || place <= from ? place
           : place >= from + width  ? place - width + length
                                    : from + (place - from) / width * length;
}

StartupStretch startup_stretch(const Recording& recording) {
    const auto events = recording.events();
    std::size_t begun = recording.last_world().program_moment;
    const std::size_t last = std::min(events.size(), begun + most_looked_at);
    while (begun < last && !std::holds_alternative<ExecEvent>(events[begun].detail)) {
        ++begun;
    }
    for (std::size_t at = begun + 1; at < last; ++at) {
        if (is_own_code(events[at].detail)) {
            return at - begun - 1 < least_folded ? StartupStretch{} : StartupStretch{begun + 1, at, 1};
        }
        if (is_more_than_startup(events[at].detail)) {
            break;
        }
    }
    return {};
}

}  // namespace procatlas
