// How a run block of a lesson is started: an example of ours, or a program beside the lesson, which is compiled first if it is
// C.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>

#include "core/base/result.h"
#include "core/lesson/lesson.h"
#include "core/model/command.h"

namespace procatlas {

// How long a run of a lesson may take, and how large its recording may be.
inline constexpr std::chrono::seconds lesson_run_patience(60);
inline constexpr std::uint32_t lesson_run_mebibytes = 512;

struct LessonProgram {
    LaunchCommand launch;
    std::string title;  // of its recording
};

// Whether the program is a source beside the lesson, which takes time to make ready: it is compiled (core/compile).
[[nodiscard]] bool compiles(const std::string& program, const std::filesystem::path& folder);

// Blocks while it compiles; any thread. `cancelled`: a descriptor that becomes readable where it is not wanted any more; -1:
// none. Error: there is no such program, or what the compiler said. It begins with the file and line of the block.
[[nodiscard]] Result<LessonProgram> prepare_lesson_program(const LessonRun& run, const std::filesystem::path& folder,
                                                           const std::string& file, int cancelled = -1);

}  // namespace procatlas
