// The answers of a student's walk, as a recording keeps them. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "core/lesson/walk.h"
#include "core/store/student_answers.h"

namespace procatlas {

// In the order of the steps. `lesson`: its name. Moments are those of the run that the walk's step is about.
[[nodiscard]] std::vector<StudentAnswer> kept_answers(const LessonWalk& walk, std::string_view lesson, std::string_view who);

}  // namespace procatlas
