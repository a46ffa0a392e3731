#include "app/control/lesson_library.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <system_error>
#include <utility>

#include "app/control/asset_folder.h"
#include "core/base/text.h"
#include "core/lesson/markdown.h"
#include "core/lesson/parse_lesson.h"

namespace procatlas {

namespace fs = std::filesystem;

namespace {

constexpr std::array lesson_languages{std::string_view("en"), std::string_view("ko")};

std::string lesson_file(std::string_view language) {
    return fmt::format("lesson.{}.md", language);
}

// The languages of the files that are there, in any state.
std::vector<std::string> languages_in(const fs::path& folder) {
    std::vector<std::string> languages;
    for (const std::string_view language : lesson_languages) {
        struct stat status{};
        if (::lstat((folder / lesson_file(language)).c_str(), &status) == 0) {
            languages.emplace_back(language);
        }
    }
    return languages;
}

LessonEntry entry_of(const fs::path& folder) {
    const std::string name = folder.filename().string();
    LessonEntry entry{0, name, folder};
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), entry.number);
    const auto digits = static_cast<std::size_t>(end - name.data());
    if (error == std::errc() && digits + 1 < name.size() && name[digits] == '-') {
        entry.name = name.substr(digits + 1);
    } else {
        entry.number = 0;
    }
    return entry;
}

fs::path users_lessons() {
    const char* const data = std::getenv("XDG_DATA_HOME");
    if (data && *data == '/') {
        return fs::path(data) / "procatlas" / "lessons";
    }
    const char* const home = std::getenv("HOME");
    return home && *home == '/' ? fs::path(home) / ".local" / "share" / "procatlas" / "lessons" : fs::path();
}

Result<Lesson> read_lesson(const fs::path& folder, const std::string& language, bool translation) {
    const std::string file = lesson_file(language);
    const auto text = read_in_folder(folder, file, most_markdown_bytes);
    if (!text) {
        return std::unexpected(text.error());
    }
    return translation ? parse_translation(*text, file) : parse_lesson(*text, file);
}

}  // namespace

std::vector<LessonEntry> list_lessons(const fs::path& folder) {
    std::vector<LessonEntry> lessons;
    constexpr std::size_t most = 1000;
    std::error_code error;
    for (fs::directory_iterator at(folder, error), end; !error && at != end && lessons.size() < most; at.increment(error)) {
        if (std::error_code ignored; at->is_directory(ignored) && !languages_in(at->path()).empty()) {
            lessons.push_back(entry_of(at->path()));
        }
    }
    std::ranges::sort(lessons, {}, [](const LessonEntry& entry) { return std::pair(entry.number, entry.name); });
    return lessons;
}

std::vector<LessonEntry> list_lessons() {
    std::vector<LessonEntry> lessons = list_lessons(asset_folder() / "lessons");
    if (const fs::path own = users_lessons(); !own.empty()) {
        for (LessonEntry& entry : list_lessons(own)) {
            entry.number = 0;
            lessons.push_back(std::move(entry));
        }
    }
    return lessons;
}

Result<LessonEntry> find_lesson(std::string_view wanted) {
    const std::vector<LessonEntry> lessons = list_lessons();
    const auto is_wanted = [&](const LessonEntry& entry) {
        return wanted == entry.name || wanted == entry.folder.filename().string() ||
               (entry.number != 0 && wanted == std::to_string(entry.number));
    };
    if (const auto found = std::ranges::find_if(lessons, is_wanted); found != lessons.end()) {
        return *found;
    }
    const fs::path folder = fs::path(wanted).lexically_normal();
    std::error_code error;
    if (!fs::is_directory(folder, error)) {
        return fail(fmt::format("there is no lesson \"{}\", and no folder; `procatlas lesson --list` lists the lessons",
                                display_text(wanted)));
    }
    if (languages_in(folder).empty()) {
        return fail(fmt::format("{} is no lesson: it has neither lesson.en.md nor lesson.ko.md", display_text(wanted)));
    }
    return LessonEntry{0, display_text((folder.has_filename() ? folder : folder.parent_path()).filename().string()), folder};
}

Result<LoadedLesson> load_lesson(const fs::path& folder, std::string_view language) {
    LoadedLesson loaded;
    loaded.languages = languages_in(folder);
    if (loaded.languages.empty()) {
        return fail(fmt::format("{} has neither lesson.en.md nor lesson.ko.md", display_text(folder.native())));
    }
    auto lesson = read_lesson(folder, loaded.languages.front(), false);
    if (!lesson) {
        return std::unexpected(lesson.error());
    }
    const auto other = std::ranges::find(loaded.languages, language);
    if (other != loaded.languages.end() && other != loaded.languages.begin()) {
        const auto words = read_lesson(folder, *other, true);
        if (!words) {
            return std::unexpected(words.error());
        }
        lesson = translated(*lesson, *words);
        if (!lesson) {
            return std::unexpected(lesson.error());
        }
    }
    loaded.lesson = std::move(*lesson);
    return loaded;
}

std::optional<fs::file_time_type> lesson_written(const fs::path& folder) {
    std::optional<fs::file_time_type> latest;
    for (const std::string& language : languages_in(folder)) {
        std::error_code error;
        const auto written = fs::last_write_time(folder / lesson_file(language), error);
        if (!error && (!latest || *latest < written)) {
            latest = written;
        }
    }
    return latest;
}

Result<std::string> read_in_folder(const fs::path& folder, const std::string& name, std::size_t limit) {
    const std::string shown = display_text(name);
    if (name.empty() || name.find('/') != std::string::npos || name == "." || name == "..") {
        return fail(shown + " is not the name of a file in the lesson's folder");
    }
    const UniqueFd place(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!place) {
        return std::unexpected(system_error(display_text(folder.native()), errno));
    }
    // O_NONBLOCK: does not wait for a pipe that nobody writes to.
    const UniqueFd file(::openat(place.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
    if (!file) {
        return errno == ELOOP ? fail(shown + " is a symbolic link, which a lesson may not have", ELOOP)
                              : Result<std::string>(std::unexpected(system_error(shown, errno)));
    }
    struct stat status{};
    if (::fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode)) {
        return fail(shown + " is not a file");
    }
    const auto too_large = [&] { return fail(fmt::format("{} is larger than {} KiB", shown, limit / 1024)); };
    if (static_cast<std::size_t>(status.st_size) > limit) {
        return too_large();
    }
    std::string bytes(limit + 1, '\0');
    std::size_t size = 0;
    while (size < bytes.size()) {
        const ssize_t got = ::read(file.get(), bytes.data() + size, bytes.size() - size);
        if (got < 0 && errno != EINTR) {
            return std::unexpected(system_error(shown, errno));
        }
        if (got == 0) {
            break;
        }
        size += static_cast<std::size_t>(std::max<ssize_t>(got, 0));
    }
    if (size > limit) {
        return too_large();
    }
    bytes.resize(size);
    return bytes;
}

std::vector<LessonTitle> lesson_titles() {
    std::vector<LessonTitle> titles;
    for (LessonEntry& entry : list_lessons()) {
        const auto english = load_lesson(entry.folder, "en");
        const auto korean = load_lesson(entry.folder, "ko");
        if (english && korean) {
            titles.push_back({std::move(entry), english->lesson.title, korean->lesson.title});
        }
    }
    return titles;
}

}  // namespace procatlas
