#include "core/layout/timeline/process_lanes.h"

#include <algorithm>
#include <csignal>

namespace procatlas {
namespace {

// Drawn as a dot. SIGCHLD is one of these, because the child's exit has a mark of its own.
bool is_trace(const Event& event) {
    const auto* signal = std::get_if<SignalEvent>(&event.detail);
    return (signal && signal->number == SIGCHLD) || std::holds_alternative<OutputEvent>(event.detail) ||
           std::holds_alternative<MemoryEvent>(event.detail) || std::holds_alternative<ThreadEvent>(event.detail) ||
           std::holds_alternative<ThreadExitEvent>(event.detail);
}

// Something the user did or asked for, or a state that goes on, not part of the process's life.
bool is_ours(const Event& event) {
    return std::holds_alternative<StepEvent>(event.detail) || std::holds_alternative<ResidentEvent>(event.detail) ||
           std::holds_alternative<WaitsEvent>(event.detail);
}

}  // namespace

std::vector<ProcessLane> lanes_until(std::span<const ProcessLane> lanes, std::size_t moment) {
    std::vector<ProcessLane> known;
    const auto cut = [moment](std::vector<std::uint32_t>& moments) {
        moments.erase(std::ranges::upper_bound(moments, moment), moments.end());
    };
    const auto forget = [moment](std::optional<std::uint32_t>& at) { at = at && *at <= moment ? at : std::nullopt; };
    for (const ProcessLane& lane : lanes) {
        if (lane.born > moment) {
            break;  // they stand in order of birth
        }
        ProcessLane& until = known.emplace_back(lane);
        forget(until.exit);
        forget(until.reap);
        cut(until.execs);
        cut(until.steps);
        cut(until.traces);
    }
    return known;
}

void ProcessLanes::clear() {
    lanes_.clear();
    taken_ = 0;
}

void ProcessLanes::follow(const Recording& recording) {
    for (; taken_ < recording.events().size(); ++taken_) {
        take(recording, taken_);
    }
}

void ProcessLanes::take(const Recording& recording, std::size_t moment) {
    const Event& event = recording.events()[moment];
    const auto at = static_cast<std::uint32_t>(moment);
    const auto self = recording.process_of(moment);
    if (const auto child = recording.born_at(moment)) {
        lanes_.resize(*child + 1);
        lanes_[*child].born = at;
        if (std::holds_alternative<ForkEvent>(event.detail)) {
            lanes_[*child].parent = self;
        }
    }
    if (const auto* reap = std::get_if<ReapEvent>(&event.detail)) {
        const World& world = recording.last_world();
        if (const Process* child = world.find(reap->child)) {
            lanes_[static_cast<std::size_t>(child - world.processes.data())].reap = at;
        }
    }
    if (!self || *self >= lanes_.size() || is_ours(event)) {
        return;
    }
    ProcessLane& lane = lanes_[*self];
    (is_trace(event) ? lane.traces : lane.steps).push_back(at);
    if (std::holds_alternative<ExecEvent>(event.detail)) {
        lane.execs.push_back(at);
    } else if (std::holds_alternative<ExitEvent>(event.detail)) {
        lane.exit = at;
    } else if (std::holds_alternative<GoneEvent>(event.detail)) {
        lane.exit = lane.reap = at;  // when it was not there any more; how it ended is not known
    }
}

}  // namespace procatlas
