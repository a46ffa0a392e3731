#include "app/session.h"

#include <unistd.h>

#include <chrono>
#include <utility>

namespace procatlas {

Result<void> Session::start(LaunchCommand launch, std::string title) {
    observer_.reset();  // and with it every process under it
    recording_ = Recording();
    ++generation_;
    cap_question.reset();
    title_ = std::move(title);
    opened_ = false;
    holding_ = launch.hold;
    launch.hold_classes = hold_classes_;
    launch.grain = grain_of(hold_classes_);
    launch.pages = true;               // what takes long is read at fewer events
    launch.frames = ::geteuid() == 0;  // the kernel tells them to root alone
    launch.delay = std::chrono::milliseconds(delay_ms_);
    launch_ = launch;
    Result<std::unique_ptr<Observer>> observer = starter_(std::move(launch));
    if (!observer) {
        return std::unexpected(observer.error());
    }
    observer_ = std::move(*observer);
    return {};
}

void Session::open(Recording recording, std::string title) {
    observer_.reset();
    recording_ = std::move(recording);
    ++generation_;
    cap_question.reset();
    title_ = std::move(title);
    launch_.reset();
    opened_ = true;
    holding_ = false;
}

Result<void> Session::restart(bool hold) {
    if (!launch_) {
        return {};
    }
    LaunchCommand again = *launch_;
    again.hold = hold;
    return start(std::move(again), title_);
}

bool Session::receive() {
    if (!observer_) {
        return false;
    }
    std::vector<Event> events = observer_->receive();
    for (Event& event : events) {
        if (const auto* note = std::get_if<NoteEvent>(&event.detail); note != nullptr && note->code == NoteCode::cap_reached) {
            cap_question = static_cast<std::uint32_t>(note->number);
            holding_ = true;
        }
        recording_.append(std::move(event));
    }
    if (world().ended) {
        cap_question.reset();
    }
    return !events.empty();
}

Result<void> Session::send(const Command& command) {
    return observer_ && live() ? observer_->send(command) : Result<void>();
}

Result<void> Session::run() {
    holding_ = false;
    return send(RunCommand{});
}

Result<void> Session::hold() {
    holding_ = true;
    return send(HoldCommand{});
}

Result<void> Session::set_delay(int milliseconds) {
    delay_ms_ = milliseconds;
    return send(DelayCommand{std::chrono::milliseconds(milliseconds)});
}

Result<void> Session::set_hold_classes(HoldClasses classes) {
    hold_classes_ = classes;
    auto sent = send(HoldClassesCommand{classes});
    return sent && looks_inside() ? send(GrainCommand{grain_of(classes)}) : sent;
}

Grain grain_of(HoldClasses classes) {
    return classes.instructions ? Grain::instructions
           : classes.lines      ? Grain::lines
           : classes.calls      ? Grain::calls
                                : Grain::none;
}

LaunchCommand launch_of(std::vector<std::string> arguments, bool hold) {
    LaunchCommand launch;
    launch.arguments = std::move(arguments);
    for (char** variable = ::environ; variable != nullptr && *variable != nullptr; ++variable) {
        launch.environment.emplace_back(*variable);
    }
    launch.hold = hold;
    return launch;
}

}  // namespace procatlas
