#include "app/cli/lesson_record.h"

#include <fmt/format.h>

#include <utility>

#include "core/live/run_failure.h"
#include "core/live/start_inspecting_observer.h"
#include "core/live/wait_for_news.h"

namespace procatlas {
namespace {

using Clock = LiveRun::Clock;

}  // namespace

Result<RecordedProgram> record_program(LessonProgram program, const std::string& only, const std::filesystem::path& file,
                                       std::chrono::seconds patience) {
    RecordedProgram recorded;
    recorded.live =
        std::make_unique<LiveRun>([only](LaunchCommand launch) { return start_inspecting_observer(std::move(launch), only); },
                                  WhenFileLags::leave_events);
    LiveRun& run = *recorded.live;
    run.bound_file(lesson_run_mebibytes);
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
    if (std::string failed = run_failure(run.recording()); !failed.empty()) {
        return fail(std::move(failed));
    }
    recorded.file = file;
    recorded.program = std::move(program);
    return recorded;
}

}  // namespace procatlas
