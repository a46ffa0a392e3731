// A lesson as one page that works in a browser without procatlas: its steps with pictures of a run that is made now, and its
// questions, which the page's own script checks against the answers of that run. They are in the page as plain text: who
// reads its source sees them.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/lesson/lesson.h"
#include "core/narrate/messages.h"

namespace procatlas {

// Nothing of the lesson is markup or script in it, and its Content-Security-Policy runs no script but the one of procatlas.
// Error: it names the line of what failed.
[[nodiscard]] Result<std::string> lesson_page(const Lesson& lesson, const std::filesystem::path& folder,
                                              std::string_view language, const Messages& words);

}  // namespace procatlas
