// A text in lines that fit. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/scene/scene.h"

namespace procatlas {

// Broken at spaces, which stay out of the lines; a word that is wider than a line is broken inside. Empty for an empty text.
[[nodiscard]] std::vector<std::string> wrap_text(std::string_view text, TextStyle style, float width,
                                                 const TextMeasure& measure);

// Sentences one below the other, muted.
[[nodiscard]] Scene layout_sentences(const std::vector<std::string>& sentences, float width, const TextMeasure& measure);

}  // namespace procatlas
