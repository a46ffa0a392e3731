// One program under observation: the recording that grows, and the commands that go the other way. Window thread only.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "core/model/command.h"
#include "core/model/recording.h"
#include "core/observe/observer.h"

namespace procatlas {

using ObserverStarter = std::function<Result<std::unique_ptr<Observer>>(LaunchCommand)>;

class Session {
public:
    explicit Session(ObserverStarter starter) : starter_(std::move(starter)) {}

    // Ends what runs and starts anew, with an empty recording.
    Result<void> start(LaunchCommand launch, std::string title);
    // A recording of the past instead: nothing runs.
    void open(Recording recording, std::string title);
    // The same program again; `hold`: held at its first event.
    Result<void> restart(bool hold);

    // Takes what has arrived; true where anything did.
    bool receive();
    Result<void> send(const Command& command);

    Result<void> run();
    Result<void> hold();
    Result<void> set_delay(int milliseconds);
    Result<void> set_hold_classes(HoldClasses classes);

    [[nodiscard]] bool started() const { return launch_.has_value() || opened_; }
    // The recording came from a file.
    [[nodiscard]] bool opened() const { return opened_; }
    // Commands still reach somebody.
    [[nodiscard]] bool live() const { return observer_ != nullptr && !observer_->ended() && !recording_.last_world().ended; }
    [[nodiscard]] bool holding() const { return holding_; }
    [[nodiscard]] HoldClasses hold_classes() const { return hold_classes_; }
    // The program was started at a grain at which its inside is read.
    [[nodiscard]] bool looks_inside() const { return launch_ && launch_->grain != Grain::none; }
    [[nodiscard]] int descriptor() const { return observer_ && !observer_->ended() ? observer_->descriptor() : -1; }
    [[nodiscard]] const std::string& title() const { return title_; }
    [[nodiscard]] const Recording& recording() const { return recording_; }
    [[nodiscard]] Recording& recording() { return recording_; }
    [[nodiscard]] const World& world() const { return recording_.last_world(); }
    // Counts the recordings begun.
    [[nodiscard]] std::size_t generation() const { return generation_; }

    // The cap on live processes that was reached and not yet answered.
    std::optional<std::uint32_t> cap_question;

private:
    ObserverStarter starter_;
    std::optional<LaunchCommand> launch_;
    bool opened_ = false;
    std::string title_;
    std::unique_ptr<Observer> observer_;
    Recording recording_;
    std::size_t generation_ = 0;
    bool holding_ = false;
    int delay_ms_ = 0;
    HoldClasses hold_classes_;
};

// The finest of what is to be held at.
[[nodiscard]] Grain grain_of(HoldClasses classes);

// A command with this process's environment.
[[nodiscard]] LaunchCommand launch_of(std::vector<std::string> arguments, bool hold);

}  // namespace procatlas
