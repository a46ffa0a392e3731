// The text of a lesson file becomes a Lesson. assets/lessons/README.md describes the files. Pure.
#pragma once

#include <string_view>

#include "core/base/result.h"
#include "core/lesson/lesson.h"

namespace procatlas {

// `file`: the name that messages call it by. Error: "FILE:LINE: what is wrong", for whoever wrote it.
[[nodiscard]] Result<Lesson> parse_lesson(std::string_view text, std::string_view file);

// The same lesson in another language. `translation` has only words: what it does is that of `lesson`, step by step.
// Error: it has other steps, questions or items.
[[nodiscard]] Result<Lesson> translated(const Lesson& lesson, const Lesson& translation);

// The same as parse_lesson, of a file that is to be given to `translated`.
[[nodiscard]] Result<Lesson> parse_translation(std::string_view text, std::string_view file);

}  // namespace procatlas
