// Where in a recording a step of a lesson stands. Pure, apart from the queries that it is given a way to ask.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "core/base/result.h"
#include "core/lesson/lesson.h"
#include "core/model/recording.h"

namespace procatlas {

// The step whose run block the step at `step` is about; none: nothing has run yet.
[[nodiscard]] std::optional<std::size_t> run_of_step(const Lesson& lesson, std::size_t step);

// The first moment after `from` at which `go` has arrived, or from the start on where nobody has gone anywhere yet. nullopt:
// not yet, or not in this recording. Works while a recording grows: `to: end` arrives when it has ended. Not for a query.
[[nodiscard]] std::optional<std::size_t> arrival(const LessonGo& go, const Recording& recording,
                                                 std::optional<std::size_t> from);

// The moment that a query gives, with `:moment` as the place where the step before stood.
using AskMoment = std::function<Result<std::size_t>(const std::string& query, std::size_t moment)>;

// Where the step stands in the recording of its run: all go blocks since the run block, one after the other. nullopt: in no
// recording, because nothing has run. Error: one of them does not arrive; it says which line.
[[nodiscard]] Result<std::optional<std::size_t>> place_of_step(const Lesson& lesson, std::size_t step,
                                                               const Recording& recording, const AskMoment& ask);

}  // namespace procatlas
