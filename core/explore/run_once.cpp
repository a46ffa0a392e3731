#include "core/explore/run_once.h"

#include <poll.h>

#include <algorithm>
#include <memory>
#include <tuple>
#include <utility>

#include "core/live/live_run.h"
#include "core/live/run_failure.h"
#include "core/live/wait_for_news.h"

namespace procatlas {
namespace {

using Clock = LiveRun::Clock;

// What a program that reads its terminal gets: the end of all input, some times.
constexpr std::string_view ends_of_input = "\x04\x04\x04\x04\x04\x04\x04\x04";

}  // namespace

LaunchCommand exploring(LaunchCommand launch) {
    launch.hold = false;
    launch.grain = Grain::none;
    launch.pages = launch.frames = false;
    launch.watch_memory = false;
    launch.tell_waits = false;
    launch.watch_output = true;
    launch.inherit_stdin = false;
    launch.fixed_addresses = true;
    launch.delay = {};
    return launch;
}

namespace {

Result<std::unique_ptr<Observer>> start_choosing(LaunchCommand launch, Chooser* chooser, TurnsTaken& taken) {
    const std::size_t execs = launch.execs_before_turns;
    auto observer = start_observer(std::move(launch));
    if (!observer || !chooser) {
        return observer;
    }
    return std::make_unique<ChoosingObserver>(std::move(*observer), *chooser, taken, execs);
}

// When a run is to be asked to end, and when it is ended.
struct Deadline {
    static constexpr std::chrono::seconds ending{2};
    Clock::time_point at;
    bool late = false;

    [[nodiscard]] Clock::time_point wakes_at() const { return late ? at + ending : at; }
    // Whether this moment is the first after it.
    bool passes() { return !late && Clock::now() >= at && (late = true); }
    [[nodiscard]] bool is_over() const { return late && Clock::now() >= at + ending; }
};

// Without a file: nobody needs to look into the program.
Result<Recording> run_unkept(const LaunchCommand& launch, Chooser* chooser, TurnsTaken& taken, Deadline& deadline) {
    Recording recording;
    auto observer = start_choosing(launch, chooser, taken);
    if (!observer) {
        return std::unexpected(observer.error());
    }
    std::ignore = (*observer)->send(InputCommand{std::string(ends_of_input)});
    while (!(*observer)->ended()) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline.wakes_at() - Clock::now());
        pollfd ready{(*observer)->descriptor(), POLLIN, 0};
        ::poll(&ready, 1, static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
        for (ObservedEvent& event : (*observer)->receive()) {
            const auto* note = std::get_if<NoteEvent>(&event.detail);
            if (note && note->code == NoteCode::cap_reached) {
                std::ignore = (*observer)->send(StopAllCommand{});
            }
            recording.append(std::move(event));
        }
        if (deadline.passes()) {
            std::ignore = (*observer)->send(StopAllCommand{});
        } else if (deadline.is_over()) {
            (*observer)->end("it did not end the program in time");
        }
    }
    return recording;
}

// The file also gets what the reader finds in the program.
Result<Recording> run_kept(const LaunchCommand& launch, Chooser* chooser, TurnsTaken& taken, Deadline& deadline,
                           const std::filesystem::path& file, const std::string& title) {
    LiveRun run([&](LaunchCommand start) { return start_choosing(std::move(start), chooser, taken); },
                WhenFileLags::leave_events);
    if (auto started = run.start(launch, title, file); !started) {
        return std::unexpected(started.error());
    }
    std::ignore = run.send(InputCommand{std::string(ends_of_input)});
    while (run.watching() || (run.waits_for_images() && !deadline.late)) {
        wait_for_news(run, deadline.wakes_at());
        run.pump();
        if (run.cap_question()) {
            std::ignore = run.answer_cap(CapAnswer::stop);
        }
        if (deadline.passes()) {
            std::ignore = run.stop();
        } else if (deadline.is_over()) {
            run.end("it did not end the program in time");
        }
    }
    run.pump();
    if (const auto closed = run.close_file(); !closed) {
        return std::unexpected(closed.error());
    }
    return run.take_recording();
}

}  // namespace

Result<OneRun> run_once(const LaunchCommand& launch, Chooser* chooser, std::chrono::milliseconds patience,
                        const std::filesystem::path& file, const std::string& title) {
    OneRun one;
    LaunchCommand command = launch;
    command.take_turns = chooser != nullptr;
    command.read_maps = !file.empty();
    command.watch_memory = !file.empty();  // whoever opens the recording wants to see memory
    Deadline deadline{Clock::now() + patience};
    const auto recording = file.empty() ? run_unkept(command, chooser, one.taken, deadline)
                                        : run_kept(command, chooser, one.taken, deadline, file, title);
    if (!recording) {
        return std::unexpected(recording.error());
    }
    if (std::string failed = run_failure(*recording); !failed.empty()) {
        return fail(std::move(failed));
    }
    const RunEnd end = one.taken.stuck ? RunEnd::stuck : one.taken.busy || deadline.late ? RunEnd::busy : RunEnd::ended;
    one.outcome = outcome_of(*recording, end, launch.execs_before_turns);
    one.raw = printed_lines_of(*recording);
    one.launcher_execs = launcher_execs_of(*recording);
    return one;
}

}  // namespace procatlas
