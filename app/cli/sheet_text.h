// The texts of a lesson as those of a sheet. Pure.
#pragma once

#include <string_view>
#include <vector>

#include "core/export/paper/sheet.h"
#include "core/lesson/lesson.h"

namespace procatlas {

[[nodiscard]] SheetText sheet_text(const Prose& prose);
// What is said of an answer: code in it stands between backticks.
[[nodiscard]] std::vector<SheetSpan> said_spans(std::string_view text);

}  // namespace procatlas
