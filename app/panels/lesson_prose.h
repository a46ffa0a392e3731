// The text of a lesson: paragraphs, lists and blocks of code, one below the other.
#pragma once

#include <vector>

#include "app/paint/frame.h"
#include "core/lesson/lesson.h"

namespace procatlas {

void draw_prose(const Frame& frame, const std::vector<Prose>& text);

}  // namespace procatlas
