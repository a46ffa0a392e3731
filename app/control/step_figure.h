// What a step of a lesson shows, as a picture. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "core/export/request/figure_options.h"
#include "core/lesson/lesson.h"

namespace procatlas {

// Among the veils of a figure: the comments of source code, which say what a question asks. No lesson needs to ask for it.
inline constexpr std::string_view veiled_comments = "comments";

// Of all such pictures, without a view. `veils`: what is kept back.
[[nodiscard]] FigureOptions lesson_figure(const std::set<std::string>& veils);

// Whether a picture of the view, as lessons name it, would show what one of the veils is to hide. `processes`: how many it
// would tell of.
[[nodiscard]] bool is_veiled(std::string_view view, const std::set<std::string>& veils, std::size_t processes);

// The first view of the step that can be a picture and is not veiled as a whole. nullopt: there is none.
[[nodiscard]] std::optional<FigureOptions> step_figure(const LessonShow& show, const LessonRun& run,
                                                       const std::set<std::string>& veils, std::size_t processes);

}  // namespace procatlas
