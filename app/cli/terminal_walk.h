// A lesson in the terminal, step by step: the student's answers are lines of standard input.
#pragma once

#include <filesystem>
#include <string>

#include "app/control/lesson_library.h"
#include "core/lesson/lesson.h"
#include "core/narrate/messages.h"

namespace procatlas {

// `file`: where the answers are kept, with the run, after each step; empty: nowhere. `who`: their name; may be empty. Returns
// the exit status; what went wrong is told on standard error.
int walk_in_terminal(Lesson lesson, const LessonEntry& entry, const std::filesystem::path& file, const std::string& who,
                     const Messages& words);

}  // namespace procatlas
