// A lesson on paper, with figures of real runs that are made on the spot.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/export/paper/sheet.h"
#include "core/lesson/lesson.h"
#include "core/narrate/messages.h"

namespace procatlas {

enum class SheetKind : std::uint8_t {
    worksheet,  // answers are left empty, and so is what in figures would give one away
    solution,   // answers of this run, what is said of them, and the notes for the teacher
};

// Runs the lesson's programs. Error: it names the line of what failed.
[[nodiscard]] Result<Sheet> lesson_sheet(const Lesson& lesson, const std::filesystem::path& folder, SheetKind kind,
                                         std::string_view language, const Messages& words);

}  // namespace procatlas
