// What a step of a lesson shows, as a picture. Pure.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "core/export/request/figure_options.h"
#include "core/lesson/lesson.h"

namespace procatlas {

// Of all such pictures, without a view. `veils`: what is kept back.
[[nodiscard]] FigureOptions lesson_figure(const std::set<std::string>& veils);

// The first view of the step that can be a picture and is not veiled as a whole. nullopt: there is none.
[[nodiscard]] std::optional<FigureOptions> step_figure(const LessonShow& show, const LessonRun& run,
                                                       const std::set<std::string>& veils);

}  // namespace procatlas
