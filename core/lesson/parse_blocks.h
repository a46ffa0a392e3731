// The fenced blocks of a lesson. Pure. Errors name the line and what is wrong with it.
#pragma once

#include <cstdint>
#include <expected>
#include <string_view>

#include "core/lesson/block_lines.h"
#include "core/lesson/lesson.h"

namespace procatlas {

template <typename T>
using BlockResult = std::expected<T, BlockError>;

// `line`: that of the fence.
[[nodiscard]] BlockResult<LessonRun> parse_run(std::string_view block, std::uint32_t line);
[[nodiscard]] BlockResult<LessonGo> parse_go(std::string_view block, std::uint32_t line);
[[nodiscard]] BlockResult<LessonShow> parse_show(std::string_view block, std::uint32_t line);
[[nodiscard]] BlockResult<Question> parse_question(std::string_view block, std::uint32_t line);
// A question of a translation: `ask`, `right`, `wrong` and the words of the items.
[[nodiscard]] BlockResult<Question> parse_question_words(std::string_view block, std::uint32_t line);

}  // namespace procatlas
