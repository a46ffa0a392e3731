// Where lessons are, and how their files become a Lesson. Lessons come from strangers: only regular files of bounded size
// inside the lesson's own folder are read, never by way of a symbolic link.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/unique_fd.h"
#include "core/lesson/lesson.h"

namespace procatlas {

struct LessonEntry {
    unsigned number = 0;  // its place in the course; 0: it is not part of it
    std::string name;     // "four-areas"
    std::filesystem::path folder;
};

// The course (assets/lessons) in its order, then the user's own ($XDG_DATA_HOME/procatlas/lessons) by name. A folder
// "01-four-areas" is lesson 1, "four-areas".
[[nodiscard]] std::vector<LessonEntry> list_lessons();
[[nodiscard]] std::vector<LessonEntry> list_lessons(const std::filesystem::path& folder);

struct LessonTitle {
    LessonEntry entry;
    std::string english;
    std::string korean;  // the same as in English where it is not translated
};
// Those that can be read, with their titles.
[[nodiscard]] std::vector<LessonTitle> lesson_titles();

// By number, name or folder.
[[nodiscard]] Result<LessonEntry> find_lesson(std::string_view wanted);

struct LoadedLesson {
    Lesson lesson;
    std::vector<std::string> languages;  // in which it can be read, the one that has its blocks first
};

// In `language` ("en", "ko") if the lesson has it, else as it was written. Error: "FILE:LINE: what is wrong".
[[nodiscard]] Result<LoadedLesson> load_lesson(const std::filesystem::path& folder, std::string_view language);

// When the lesson's files were last written, to see that one was saved; nullopt: they are not there.
[[nodiscard]] std::optional<std::filesystem::file_time_type> lesson_written(const std::filesystem::path& folder);

// A regular file of at most `limit` bytes in `folder` itself.
[[nodiscard]] Result<std::string> read_in_folder(const std::filesystem::path& folder, const std::string& name,
                                                 std::size_t limit);

}  // namespace procatlas
