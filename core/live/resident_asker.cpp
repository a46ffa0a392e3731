#include "core/live/resident_asker.h"

namespace procatlas {

namespace {

constexpr std::chrono::milliseconds pause(500);  // between two questions while the process keeps running

}  // namespace

std::optional<MeasureCommand> ResidentAsker::ask(const World& world, std::optional<std::size_t> process, Moment now) {
    due_.reset();
    if (asked_) {
        const Process* asked = world.find(*asked_);
        if (asked != nullptr && asked->alive() && (!asked->resident || asked->resident_moment < moment_)) {
            return std::nullopt;  // the answer or the end of the process will come
        }
        asked_.reset();
    }
    if (!process || *process >= world.processes.size()) {
        return std::nullopt;
    }
    const Process& about = world.processes[*process];
    if (!about.alive() || (about.resident && about.resident_moment > about.last_moment)) {
        return std::nullopt;
    }
    if (now < next_) {
        due_ = next_;
        return std::nullopt;
    }
    next_ = now + pause;
    asked_ = about.key;
    moment_ = world.event_count;
    return MeasureCommand{about.key.pid};
}

}  // namespace procatlas
