// Wraps text into lines that fit. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/scene/scene.h"

namespace procatlas {

// Breaks at spaces, which the lines leave out. Breaks inside a word only if it is wider than a line. No lines for an empty
// text. A text of more than `most_lines` lines ends there with "…", because it may come from a stranger and be of any length.
inline constexpr std::size_t most_lines_of_a_text = 40;
[[nodiscard]] std::vector<std::string> wrap_text(std::string_view text, TextStyle style, float width,
                                                 const TextMeasure& measure, std::size_t most_lines = most_lines_of_a_text);

// Whether each word is as narrow as `width`, so that wrap_text need not break inside one.
[[nodiscard]] bool words_fit(std::string_view text, TextStyle style, float width, const TextMeasure& measure);

// Places sentences below one another, in muted text.
[[nodiscard]] Scene layout_sentences(const std::vector<std::string>& sentences, float width, const TextMeasure& measure);

}  // namespace procatlas
