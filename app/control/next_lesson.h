// Which lesson comes next: for a person who comes back, and after the last step of one.
#pragma once

#include <span>
#include <string_view>

#include "app/control/lesson_library.h"
#include "app/control/settings.h"

namespace procatlas {

// The lesson that was walked last, or the one after it if that is done; nullptr: there are none.
[[nodiscard]] const LessonTitle* lesson_to_go_on_with(std::span<const LessonTitle> lessons, const Settings& settings);

// The next one of the course after the lesson of this name; nullptr: it is the last one, or not of the course.
[[nodiscard]] const LessonTitle* lesson_after(std::span<const LessonTitle> lessons, std::string_view name);

}  // namespace procatlas
