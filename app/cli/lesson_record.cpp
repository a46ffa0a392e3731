#include "app/cli/lesson_record.h"

#include <fmt/format.h>

#include <utility>
#include <variant>

#include "core/base/text.h"
#include "core/live/inspecting_observer.h"
#include "core/live/wait_for_news.h"

namespace procatlas {
namespace {

using Clock = LiveRun::Clock;

constexpr std::uint32_t most_mebibytes = 512;  // of the file

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
        wait_for_news(run, late ? deadline + std::chrono::seconds(2) : deadline);
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
