#include "core/live/live_run.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "core/base/text.h"

namespace procatlas {
namespace {

constexpr std::chrono::milliseconds lag_pause(10);  // how long to wait before checking again whether the file has caught up
constexpr std::chrono::seconds ending_patience(1);  // for the observer to end its processes and report how they ended

}  // namespace

Result<void> LiveRun::close_file() {
    end_program();
    record_withheld_output();
    return keeper_.finish(recording_);
}

// What the observer has sent and nobody has taken yet was seen, so it belongs into the recording.
void LiveRun::end_program() {
    if (!watching()) {
        return;
    }
    std::ignore = stop();
    const Clock::time_point deadline = Clock::now() + ending_patience;
    Changes changes;
    receive(changes);
    while (watching() && observer_->descriptor() >= 0) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
        pollfd told{observer_->descriptor(), POLLIN, 0};
        if (left.count() <= 0 || ::poll(&told, 1, static_cast<int>(left.count())) <= 0) {
            return;  // the end of `observer_` ends the processes
        }
        receive(changes);
    }
}

void LiveRun::record_withheld_output() {
    std::vector<ObservedEvent> withheld;
    output_bound_.finish(recording_.empty() ? 0 : recording_.events().back().time_ns, withheld);
    for (ObservedEvent& event : withheld) {
        record(std::move(event));
    }
}

void LiveRun::begin(std::string title) {
    end_program();
    record_withheld_output();
    std::ignore = keeper_.finish(recording_);  // the recording ends here, and reports its own trouble
    observer_.reset();                         // also ends every process under it
    recording_ = Recording();
    ++generation_;
    images_.clear(where_);
    bytes_.move_to(where_);
    resident_.clear();
    cap_question_.reset();
    output_bound_ = {};
    full_ = false;
    program_ = {};
    program_exit_.reset();
    launch_.reset();
    opened_ = false;
    holding_ = false;
    stop_points_ = {};
    title_ = std::move(title);
}

Result<void> LiveRun::start(LaunchCommand launch, std::string title, const std::filesystem::path& file) {
    StopPoints points = title == title_ ? std::move(stop_points_) : StopPoints{};
    for (VariableStop& stop : points.variables) {
        stop.address = 0;  // it may lie elsewhere in another run
    }
    begin(std::move(title));
    recording_.set_how_followed({launch.grain, launch.watch_memory, launch.followed});
    if (!file.empty()) {
        if (auto kept = keeper_.begin(file, title_, recording_.how_followed()); !kept) {
            return kept;
        }
    }
    holding_ = launch.hold;
    hold_classes_ = launch.hold_classes;
    followed_ = launch.followed;
    elsewhere_ = launch.watch_elsewhere;
    delay_ = launch.delay;
    launch_ = launch;
    Result<std::unique_ptr<Observer>> observer = starter_(std::move(launch));
    if (!observer) {
        std::ignore = keeper_.finish(recording_);
        return std::unexpected(observer.error());
    }
    observer_ = std::move(*observer);
    return points.empty() ? Result<void>() : set_stop_points(std::move(points));
}

Result<void> LiveRun::restart(AtFirstEvent at_first) {
    if (!launch_) {
        return {};
    }
    LaunchCommand again = paced(*launch_);
    again.hold = at_first == AtFirstEvent::holds;
    return start(std::move(again), title_);
}

void LiveRun::open(Recording recording, std::string title) {
    begin(std::move(title));
    recording_ = std::move(recording);
    opened_ = true;
}

LaunchCommand LiveRun::paced(LaunchCommand launch) const {
    launch.hold_classes = hold_classes_;
    launch.grain = launch.approach == Approach::start ? wanted_grain() : Grain::none;  // attach.h says why
    launch.followed = followed_;
    launch.watch_elsewhere = elsewhere_;
    launch.delay = delay_;
    return launch;
}

std::vector<int> LiveRun::descriptors() const {
    return {watching() && !leaves_events() ? observer_->descriptor() : -1, images_.descriptor(), keeper_.descriptor(),
            bytes_.descriptor()};
}

std::optional<LiveRun::Clock::time_point> LiveRun::due() const {
    return leaves_events() ? Clock::now() + lag_pause : resident_.due();
}

LiveRun::Changes LiveRun::pump() {
    Changes changes;
    if (!leaves_events()) {
        receive(changes);
    }
    changes.images = images_.follow(recording_);  // while the program runs: later its files may be gone
    changes.file_lost = keeper_.follow(recording_);
    changes.bytes = ask_for_bytes();
    ask_for_resident();
    return changes;
}

void LiveRun::receive(Changes& changes) {
    if (!observer_) {
        return;
    }
    std::vector<ObservedEvent> kept;
    std::vector<ObservedEvent> received = observer_->receive();
    holding_ = observer_->take_stop() || holding_;
    for (ObservedEvent& event : received) {
        follow_program(event);
        output_bound_.take(std::move(event), kept);
    }
    for (ObservedEvent& event : kept) {
        const auto* gap = std::get_if<GapEvent>(&event.detail);
        changes.observer_lost |= gap != nullptr && gap->code == GapCode::observer_lost;
        record(std::move(event));
    }
    end_recording_where_full();
    if (world().ended) {
        cap_question_.reset();
    }
    changes.events = !kept.empty();
}

void LiveRun::follow_program(const ObservedEvent& event) {
    if (std::holds_alternative<StartEvent>(event.detail)) {
        program_ = event.process;
    } else if (const auto* exit = std::get_if<ExitEvent>(&event.detail); exit && event.process == program_) {
        program_exit_ = *exit;
    } else if (const auto* note = std::get_if<NoteEvent>(&event.detail); note && note->code == NoteCode::cap_reached) {
        cap_question_ = static_cast<std::uint32_t>(note->number);
        holding_ = true;
    }
}

void LiveRun::record(ObservedEvent event) {
    const bool of_a_process = static_cast<bool>(event.process);
    if (!full_ || !of_a_process) {
        recording_.append(std::move(event));
    }
}

void LiveRun::end_recording_where_full() {
    if (most_mebibytes_ == 0 || full_ || keeper_.size() >> 20 < most_mebibytes_) {
        return;
    }
    ObservedEvent gap;
    gap.time_ns = recording_.empty() ? 0 : recording_.events().back().time_ns;
    gap.detail = GapEvent{GapCode::recording_full, {}, most_mebibytes_};
    recording_.append(std::move(gap));
    full_ = true;
}

void LiveRun::end(const std::string& why) {
    if (watching()) {
        observer_->end(why);
    }
}

bool LiveRun::look_at(const Attention& attention) {
    attention_ = attention;
    ask_for_resident();
    return ask_for_bytes();
}

bool LiveRun::ask_for_bytes() {
    return bytes_.follow(world(), attention_.bytes, live() && attention_.at_present);
}

void LiveRun::ask_for_resident() {
    if (!live() || !attention_.at_present) {
        return resident_.clear();
    }
    if (const auto question = resident_.ask(world(), attention_.resident_of, Clock::now())) {
        std::ignore = send(*question);  // if it does not arrive, the program has ended, and an event will say so
    }
}

Result<void> LiveRun::send(const Command& command) {
    return live() ? observer_->send(command) : Result<void>();
}

Result<void> LiveRun::run() {
    holding_ = false;
    return send(RunCommand{});
}

Result<void> LiveRun::hold() {
    holding_ = true;
    return send(HoldCommand{});
}

Result<void> LiveRun::set_delay(std::chrono::milliseconds delay) {
    delay_ = delay;
    return send(DelayCommand{delay});
}

Result<void> LiveRun::set_hold_classes(HoldClasses classes) {
    hold_classes_ = classes;
    auto sent = send(HoldClassesCommand{classes});
    return sent && looks_inside() ? send(GrainCommand{wanted_grain(), !stop_points_.empty()}) : sent;
}

Result<void> LiveRun::set_stop_points(StopPoints points) {
    stop_points_ = std::move(points);
    if (observer_) {
        observer_->set_stop_points(stop_points_);
    }
    return looks_inside() ? send(GrainCommand{wanted_grain(), !stop_points_.empty()}) : Result<void>();
}

Grain LiveRun::wanted_grain() const {
    const Grain wanted = grain_of(hold_classes_);
    const auto& variables = stop_points_.variables;
    const bool by_processor = std::ranges::all_of(variables, &VariableStop::watchable);
    const bool by_lines = !stop_points_.lines.empty() || !by_processor;
    return std::max(wanted, by_lines ? Grain::lines : stop_points_.empty() ? Grain::none : Grain::calls);
}

Result<void> LiveRun::answer_cap(CapAnswer answer) {
    const auto cap = std::exchange(cap_question_, std::nullopt);
    if (!cap) {
        return {};
    }
    switch (answer) {
        case CapAnswer::go_on: {
            const std::uint32_t doubled = *cap > 0x7FFFFFFF ? 0 : *cap * 2;  // 0: no cap
            auto sent = send(CapCommand{doubled});
            return sent ? run() : sent;
        }
        case CapAnswer::stop:
            return stop();
    }
    return {};
}

Grain grain_of(HoldClasses classes) {
    return classes.instructions ? Grain::instructions
           : classes.lines      ? Grain::lines
           : classes.calls      ? Grain::calls
                                : Grain::none;
}

LaunchCommand launch_of_running(Approach approach, std::int32_t pid) {
    LaunchCommand launch;
    launch.approach = approach;
    launch.pid = pid;
    launch.process_cap = 0;
    launch.watch_memory = false;
    launch.watch_output = false;
    return launch;
}

std::string title_there(const std::string& title, const Companions& where) {
    return where.surroundings().machine + ": " + std::string(base_name(title));
}

LaunchCommand launch_of(std::vector<std::string> arguments, AtFirstEvent at_first) {
    LaunchCommand launch;
    launch.arguments = std::move(arguments);
    for (char** variable = ::environ; variable != nullptr && *variable != nullptr; ++variable) {
        launch.environment.emplace_back(*variable);
    }
    launch.hold = at_first == AtFirstEvent::holds;
    return launch;
}

}  // namespace procatlas
