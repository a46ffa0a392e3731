#include "core/export/picture/veiled_lives.h"

namespace procatlas {

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

std::vector<ProcessLane> without_states(std::span<const ProcessLane> lanes) {
    std::vector<ProcessLane> made(lanes.begin(), lanes.end());
    for (ProcessLane& lane : made) {
        lane.exit.reset();
        lane.reap.reset();
        lane.steps.clear();
        lane.traces.clear();  // they end where the process does
        lane.execs.clear();
    }
    return made;
}

}  // namespace procatlas
