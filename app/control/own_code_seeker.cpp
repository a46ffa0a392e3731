#include "app/control/own_code_seeker.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/text.h"
#include "core/model/inside.h"

namespace procatlas {
namespace {

bool is_python(std::string_view program) {
    return base_name(program).starts_with("python");
}

// Whether the first process still runs what only starts the program that the person wants: `env` and its like, or a script that
// is called python, as pyenv's.
bool still_launches(const std::vector<std::string>& command, const Process& first) {
    if (command.size() < 2 || first.programs.empty()) {
        return false;
    }
    const std::string_view named = base_name(command.front());
    const std::string_view runs = base_name(first.programs.back());
    const auto launchers = {"env", "nice", "nohup", "setsid", "stdbuf", "ionice", "taskset"};
    const auto is_launcher = [&](std::string_view name) { return std::ranges::find(launchers, name) != launchers.end(); };
    return is_python(named) ? !is_python(runs) : is_launcher(named) && is_launcher(runs);
}

}  // namespace

void OwnCodeSeeker::begin(Seeks seeks) {
    *this = {};
    seeks_ = seeks;
}

Result<void> OwnCodeSeeker::follow(LiveRun& run) {
    const auto events = run.recording().events();
    const World& world = run.world();
    if (!seeks() || world.processes.empty() || !run.live() || !run.holding()) {
        seeks_ = run.live() ? seeks_ : Seeks::no;
        return {};
    }
    const Process& first = world.processes.front();
    const bool no_finer = seeks_ == Seeks::its_program || grain_of(run.hold_classes()) == Grain::none ||
                          (!first.why_not_inside.empty() && first.why_not_inside != no_script_yet);
    const bool launches = still_launches(world.command, first);
    for (; sought_ < events.size(); ++sought_) {
        const bool ends = std::holds_alternative<ExitEvent>(events[sought_].detail) && events[sought_].process == first.key;
        if (ends || (!launches && is_found(world, sought_, events[sought_].detail, no_finer))) {
            seeks_ = Seeks::no;
            return {};
        }
    }
    for (const Process& process : world.processes) {
        if (process.key != first.key && !launches) {
            continue;
        }
        if (auto stepped = let_go_on(run, process); !stepped) {
            return stepped;
        }
    }
    return {};
}

bool OwnCodeSeeker::is_found(const World& world, std::size_t moment, const EventDetail& detail, bool no_finer) const {
    return std::holds_alternative<CallEvent>(detail) || std::holds_alternative<LineEvent>(detail) ||
           std::holds_alternative<InstructionEvent>(detail) ||
           (moment >= world.program_moment &&
            (std::holds_alternative<ForkEvent>(detail) || (no_finer && std::holds_alternative<ExecEvent>(detail))));
}

Result<void> OwnCodeSeeker::let_go_on(LiveRun& run, const Process& process) {
    const auto stepped = stepped_at_.find(process.key.pid);
    if (process.state != ProcessState::held || (stepped != stepped_at_.end() && stepped->second == process.last_moment)) {
        return {};
    }
    stepped_at_[process.key.pid] = process.last_moment;
    return run.step(process.key.pid);
}

}  // namespace procatlas
