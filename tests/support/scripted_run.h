// What tests of a LiveRun share: a program that exists in a list of events only, and the commands that were sent to it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/live/live_run.h"
#include "tests/support/event_of.h"
#include "tests/support/scripted_observer.h"

namespace procatlas {

inline ObservedEvent all_ended() {
    ObservedEvent event;
    event.detail = NoteEvent{.code = NoteCode::all_ended, .text = "", .number = 0};
    return event;
}

// 10 starts and forks 11; both are left alive.
inline std::vector<ObservedEvent> two_processes() {
    ForkEvent fork;
    fork.child = {11, 11};
    return {event_of(10, StartEvent{9, {"sh"}, "/"}), event_of(10, fork)};
}

// Outlives the runs that it starts.
class ScriptedProgram {
public:
    explicit ScriptedProgram(std::vector<ObservedEvent> events, std::size_t batch = 0,
                             ScriptedObserver::Afterwards afterwards = ScriptedObserver::Afterwards::stays)
        : events_(std::move(events)), batch_(batch), afterwards_(afterwards) {}

    [[nodiscard]] ObserverStarter starter() {
        return [this](LaunchCommand launch) -> Result<std::unique_ptr<Observer>> {
            if (!problem.empty()) {
                return fail(problem);
            }
            launches.push_back(std::move(launch));
            auto made = std::make_unique<ScriptedObserver>(events_, batch_, afterwards_);
            observer_ = made.get();
            return made;
        };
    }

    // Sent to the run that was started last, the newest last; none: nullptr.
    template <typename T>
    [[nodiscard]] const T* last_command() const {
        return observer_->commands().empty() ? nullptr : std::get_if<T>(&observer_->commands().back());
    }
    [[nodiscard]] const std::vector<Command>& commands() const { return observer_->commands(); }

    std::vector<LaunchCommand> launches;
    std::string problem;  // not empty: it cannot be started

private:
    std::vector<ObservedEvent> events_;
    std::size_t batch_;
    ScriptedObserver::Afterwards afterwards_;
    ScriptedObserver* observer_ = nullptr;
};

}  // namespace procatlas
