// Runs a program of a lesson to its end without a window, and keeps its recording in a file, for the lesson's queries.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>

#include "app/control/lesson_program.h"
#include "core/base/result.h"
#include "core/live/live_run.h"

namespace procatlas {

struct RecordedProgram {
    std::unique_ptr<LiveRun> live;  // has the recording
    std::filesystem::path file;     // closed
    LessonProgram program;
};

// Error: it could not be started or recorded, or did not end in `patience`; then it was ended.
[[nodiscard]] Result<RecordedProgram> record_program(LessonProgram program, const std::string& only,
                                                     const std::filesystem::path& file, std::chrono::seconds patience);

}  // namespace procatlas
