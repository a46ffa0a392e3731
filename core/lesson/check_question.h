// Whether a question can be answered, asked of a run without a student.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/lesson/judge.h"
#include "core/lesson/lesson.h"
#include "core/lesson/recorded_run.h"
#include "core/model/recording.h"

namespace procatlas {

// Judges the right answer, each choice and no answer, so that all that would be said to a student has been said once. The right
// answer, as a person reads it. Error: what is wrong, with the line in `file`: a query failed, no student can give the right
// answer, or everybody can. `moment`: where the step stands.
[[nodiscard]] Result<std::string> check_question(const Question& question, RecordedRun& run, std::size_t moment,
                                                 std::string_view file);

// The first variable that the step points at and that nobody has at any of these moments of the run, as a sentence; empty:
// none.
[[nodiscard]] std::string missing_variable(const LessonStep& step, const Recording& recording,
                                           std::initializer_list<std::size_t> moments);

// What must be seen to answer the question of the step, and is hidden until then, as a sentence; empty: nothing.
[[nodiscard]] std::string hidden_place(const LessonStep& step);

}  // namespace procatlas
