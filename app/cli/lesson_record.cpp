#include "app/cli/lesson_record.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/text.h"
#include "core/live/inspecting_observer.h"

namespace procatlas {
namespace {

using Clock = LiveRun::Clock;

constexpr std::uint32_t most_mebibytes = 512;  // of the file

// Sleeps until there is something to take, or `until`.
void wait_for_events(const LiveRun& run, Clock::time_point until) {
    std::vector<pollfd> ready;
    for (const int descriptor : run.descriptors()) {
        ready.push_back({descriptor, POLLIN, 0});
    }
    const auto wake = std::min(run.due().value_or(until), until);
    const auto left = std::max<std::chrono::nanoseconds>(wake - Clock::now(), std::chrono::nanoseconds(0));
    const timespec most{left.count() / 1'000'000'000, left.count() % 1'000'000'000};
    ::ppoll(ready.data(), ready.size(), &most, nullptr);
}

// Why the program could not be started, or was not seen whole; empty: it was.
std::string what_failed(const Recording& recording) {
    for (const Event& event : recording.events()) {
        const auto* note = std::get_if<NoteEvent>(&event.detail);
        const auto* gap = std::get_if<GapEvent>(&event.detail);
        if (note && note->code == NoteCode::launch_failed) {
            return "the program cannot be started: " + display_text(note->text);
        }
        if (gap && gap->code == GapCode::observer_lost) {
            return "the observer was lost: " + display_text(gap->text);
        }
        if (gap && gap->code == GapCode::recording_full) {
            return "its recording is too large";
        }
    }
    return {};
}

}  // namespace

Result<RecordedProgram> record_program(LessonProgram program, const std::string& only, const std::filesystem::path& file,
                                       std::chrono::seconds patience) {
    RecordedProgram recorded;
    recorded.live =
        std::make_unique<LiveRun>([only](LaunchCommand launch) { return start_inspecting_observer(std::move(launch), only); },
                                  WhenFileLags::leave_events);
    LiveRun& run = *recorded.live;
    run.bound_file(most_mebibytes);
    if (const auto started = run.start(program.launch, program.title, file); !started) {
        return std::unexpected(started.error());
    }
    const auto deadline = Clock::now() + patience;
    bool late = false;
    while (run.watching() || (run.waits_for_images() && !late)) {
        wait_for_events(run, late ? deadline + std::chrono::seconds(2) : deadline);
        run.pump();
        if (run.cap_question()) {
            (void)run.answer_cap(CapAnswer::stop);
        }
        if (!late && Clock::now() >= deadline) {
            late = true;
            (void)run.stop();
        } else if (late && Clock::now() >= deadline + std::chrono::seconds(2)) {
            run.end("it did not end the program in time");
        }
    }
    run.pump();
    if (const auto closed = run.close_file(); !closed) {
        return std::unexpected(closed.error());
    }
    if (late) {
        return fail(fmt::format("the program did not end within {} seconds", patience.count()));
    }
    if (std::string failed = what_failed(run.recording()); !failed.empty()) {
        return fail(std::move(failed));
    }
    recorded.file = file;
    recorded.program = std::move(program);
    return recorded;
}

}  // namespace procatlas
