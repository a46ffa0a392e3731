#include "core/export/picture/veiled_lives.h"

#include <utility>
#include <variant>

namespace procatlas {
namespace {

bool tells_state(const Event& event) {
    return std::holds_alternative<ExitEvent>(event.detail) || std::holds_alternative<ReapEvent>(event.detail) ||
           std::holds_alternative<ReparentEvent>(event.detail) || std::holds_alternative<GoneEvent>(event.detail) ||
           std::holds_alternative<SignalEvent>(event.detail) || std::holds_alternative<StopEvent>(event.detail) ||
           std::holds_alternative<ContinueEvent>(event.detail) || std::holds_alternative<WaitsEvent>(event.detail) ||
           std::holds_alternative<ThreadExitEvent>(event.detail);
}

}  // namespace

World without_states(World world) {
    for (Process& process : world.processes) {
        process.state = ProcessState::running;
        process.waits = {};
        process.waits_for = 0;
        process.held_threads.clear();
        process.exit.reset();
        process.reap.reset();
        process.reaped_by_pid = 0;
        process.orphan = process.adopted_by_observer = process.vanished = false;
    }
    return world;
}

std::vector<ProcessLane> without_states(std::span<const ProcessLane> lanes, const Recording& recording) {
    std::vector<ProcessLane> made(lanes.begin(), lanes.end());
    const auto told = [&](std::uint32_t moment) { return tells_state(recording.events()[moment]); };
    for (ProcessLane& lane : made) {
        lane.exit.reset();
        lane.reap.reset();
        std::erase_if(lane.steps, told);
        std::erase_if(lane.traces, told);
    }
    return made;
}

}  // namespace procatlas
