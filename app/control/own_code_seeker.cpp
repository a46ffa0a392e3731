#include "app/control/own_code_seeker.h"

#include <variant>

#include "core/model/inside.h"

namespace procatlas {

void OwnCodeSeeker::begin(Seeks seeks) {
    *this = {};
    seeks_ = seeks == Seeks::yes;
}

Result<void> OwnCodeSeeker::follow(LiveRun& run) {
    const auto events = run.recording().events();
    const World& world = run.world();
    if (!seeks_ || world.processes.empty() || !run.live() || !run.holding()) {
        seeks_ = seeks_ && run.live();
        return {};
    }
    const Process& first = world.processes.front();
    const bool no_finer =
        grain_of(run.hold_classes()) == Grain::none || (!first.why_not_inside.empty() && first.why_not_inside != no_script_yet);
    for (; sought_ < events.size(); ++sought_) {
        const EventDetail& detail = events[sought_].detail;
        const bool own = std::holds_alternative<CallEvent>(detail) || std::holds_alternative<LineEvent>(detail) ||
                         std::holds_alternative<InstructionEvent>(detail) || std::holds_alternative<ForkEvent>(detail) ||
                         std::holds_alternative<ExitEvent>(detail) ||
                         (no_finer && std::holds_alternative<ExecEvent>(detail) && sought_ >= world.program_moment);
        if (own) {
            seeks_ = false;
            return {};
        }
    }
    if (first.state == ProcessState::held && stepped_at_ != first.last_moment) {
        stepped_at_ = first.last_moment;
        return run.step(first.key.pid);
    }
    return {};
}

}  // namespace procatlas
