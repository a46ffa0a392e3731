#include "core/explore/run_once.h"

#include <poll.h>

#include <algorithm>
#include <memory>
#include <tuple>
#include <utility>

#include "core/base/text.h"
#include "core/live/live_run.h"

namespace procatlas {
namespace {

using Clock = LiveRun::Clock;

void wait_for_news(const LiveRun& run, Clock::time_point until) {
    std::vector<pollfd> ready;
    for (const int descriptor : run.descriptors()) {
        ready.push_back({descriptor, POLLIN, 0});
    }
    const auto wake = std::min(run.due().value_or(until), until);
    const auto left = std::max<std::chrono::nanoseconds>(wake - Clock::now(), std::chrono::nanoseconds(0));
    const timespec most{left.count() / 1'000'000'000, left.count() % 1'000'000'000};
    ::ppoll(ready.data(), ready.size(), &most, nullptr);
}

// Why the program was not started, or not seen to its end; empty: it was.
std::string why_failed(const Recording& recording) {
    for (const Event& event : recording.events()) {
        const auto* note = std::get_if<NoteEvent>(&event.detail);
        const auto* gap = std::get_if<GapEvent>(&event.detail);
        if (note && note->code == NoteCode::launch_failed) {
            return display_text(note->text);
        }
        if (gap && gap->code == GapCode::observer_lost) {
            return "the observer was lost: " + display_text(gap->text);
        }
    }
    return {};
}

// What a program that reads its terminal gets: the end of all input, some times.
constexpr std::string_view ends_of_input = "\x04\x04\x04\x04\x04\x04\x04\x04";

}  // namespace

LaunchCommand exploring(LaunchCommand launch) {
    launch.hold = false;
    launch.grain = Grain::none;
    launch.pages = launch.frames = false;
    launch.watch_memory = false;
    launch.watch_output = true;
    launch.inherit_stdin = false;
    launch.fixed_addresses = true;
    launch.delay = {};
    return launch;
}

Result<OneRun> run_once(const LaunchCommand& launch, Chooser* chooser, std::chrono::milliseconds patience,
                        const std::filesystem::path& file, const std::string& title) {
    OneRun one;
    LaunchCommand command = launch;
    command.take_turns = chooser != nullptr;
    LiveRun run(
        [&](LaunchCommand start) -> Result<std::unique_ptr<Observer>> {
            auto observer = start_observer(std::move(start));
            if (!observer || !chooser) {
                return observer;
            }
            return std::make_unique<ChoosingObserver>(std::move(*observer), *chooser, one.taken);
        },
        WhenFileLags::leave_events);
    if (auto started = run.start(command, title, file); !started) {
        return std::unexpected(started.error());
    }
    std::ignore = run.send(InputCommand{std::string(ends_of_input)});
    const auto deadline = Clock::now() + patience;
    bool late = false;
    while (run.watching()) {
        wait_for_news(run, late ? deadline + std::chrono::seconds(2) : deadline);
        run.pump();
        if (run.cap_question()) {
            std::ignore = run.answer_cap(CapAnswer::stop);
        }
        if (!late && Clock::now() >= deadline) {
            late = true;
            std::ignore = run.stop();
        } else if (late && Clock::now() >= deadline + std::chrono::seconds(2)) {
            run.end("it did not end the program in time");
        }
    }
    run.pump();
    if (const auto closed = run.close_file(); !closed) {
        return std::unexpected(closed.error());
    }
    if (std::string failed = why_failed(run.recording()); !failed.empty()) {
        return fail(std::move(failed));
    }
    const RunEnd end = one.taken.stuck ? RunEnd::stuck : one.taken.busy || late ? RunEnd::busy : RunEnd::ended;
    one.outcome = outcome_of(run.recording(), end);
    return one;
}

}  // namespace procatlas
