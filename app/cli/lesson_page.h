// A lesson on paper: a page with figures of a real run that is made on the spot. A browser prints it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/lesson/lesson.h"
#include "core/narrate/messages.h"

namespace procatlas {

enum class SheetKind : std::uint8_t {
    worksheet,  // answers are left empty, and so is each figure that would give one away
    solution,   // answers of this run, what is said of them, and the notes for the teacher
};

// Runs the lesson's programs. Error: it names the line of what failed.
[[nodiscard]] Result<std::string> lesson_page(const Lesson& lesson, const std::filesystem::path& folder, SheetKind kind,
                                              std::string_view language, const Messages& words);

}  // namespace procatlas
