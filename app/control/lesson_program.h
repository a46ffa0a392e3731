// How a run block of a lesson is started: an example of ours, or a program beside the lesson, which is compiled first if it is
// C.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/lesson/lesson.h"
#include "core/model/command.h"
#include "core/store/temporary_folder.h"

namespace procatlas {

struct LessonProgram {
    LaunchCommand launch;
    std::string title;                              // of its recording
    std::shared_ptr<const TemporaryFolder> folder;  // what was compiled; null: nothing. It must live as long as the program.
};

// Error: there is no such program, or what the compiler said. It begins with the file and line of the block.
[[nodiscard]] Result<LessonProgram> prepare_lesson_program(const LessonRun& run, const std::filesystem::path& folder,
                                                           const std::string& file);

}  // namespace procatlas
