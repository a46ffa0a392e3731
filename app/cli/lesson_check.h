// Walks a lesson without a student: its programs run, each step arrives, each query answers, each answer can be judged.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/lesson/lesson.h"

namespace procatlas {

struct StepChecked {
    std::size_t step = 0;
    std::optional<std::size_t> place;  // its moment
    std::string answer;                // as a person reads it; empty: there is no question
    std::string error;                 // empty: all is well
};

struct LessonChecked {
    Lesson lesson;
    std::vector<StepChecked> steps;
    std::string error;  // of the lesson as a whole
    [[nodiscard]] bool ok() const;
};

// `folder`: the lesson's. All its languages are read, and `language` is told.
[[nodiscard]] LessonChecked check_lesson(const std::filesystem::path& folder, const std::string& language);

}  // namespace procatlas
