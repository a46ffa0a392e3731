#include "app/cli/lesson.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "app/cli/exit_status.h"
#include "app/cli/lesson_check.h"
#include "app/cli/lesson_page.h"
#include "app/cli/lesson_sheet.h"
#include "app/cli/terminal_text.h"
#include "app/cli/terminal_walk.h"
#include "app/control/lesson_library.h"
#include "core/base/text.h"
#include "core/base/whole_file.h"
#include "core/narrate/reasons.h"

namespace procatlas {
namespace {

using nlohmann::ordered_json;

int lesson_complaint(std::string_view message, int status) {
    fmt::print(stderr, "procatlas: {}\n", terminal_text(display_text(message, true)));
    return status;
}

int flushed(int status) {
    return std::fflush(stdout) == 0 ? status : exit_failed;
}

void print_line(std::string_view text) {
    fmt::print("{}\n", terminal_text(text));
}

void print_json(const ordered_json& json) {
    fmt::print("{}\n", json.dump(2, ' ', false, ordered_json::error_handler_t::replace));
}

// A lesson that cannot be read is listed with what is wrong with it.
int list(std::string_view language, bool json) {
    ordered_json rows = ordered_json::array();
    for (const LessonEntry& entry : list_lessons()) {
        const auto loaded = load_lesson(entry.folder, language);
        if (json) {
            ordered_json row{{"number", entry.number ? ordered_json(entry.number) : ordered_json()},
                             {"name", display_text(entry.name)},
                             {"folder", display_text(entry.folder.native())}};
            if (loaded) {
                row["title"] = loaded->lesson.title;
                row["steps"] = loaded->lesson.steps.size();
                row["languages"] = loaded->languages;
            } else {
                row["error"] = loaded.error().message;
            }
            rows.push_back(std::move(row));
        } else {
            print_line(fmt::format("{:>2}  {:<24}  {}", entry.number ? std::to_string(entry.number) : "",
                                   display_text(entry.name), loaded ? loaded->lesson.title : loaded.error().message));
        }
    }
    if (json) {
        print_json({{"procatlas", PROCATLAS_VERSION}, {"lessons", std::move(rows)}});
    }
    return flushed(exit_done);
}

void print_checked(const LessonChecked& checked, const Messages& words) {
    for (const StepChecked& step : checked.steps) {
        const std::string heading = checked.lesson.steps[step.step].heading;
        const std::string place = step.place ? words.format("lesson.at_moment", *step.place) : std::string();
        print_line(fmt::format("{:>2}. {}  {}{}{}", step.step + 1,
                               step.error.empty() ? words.text("lesson.ok") : words.text("lesson.failed"), heading,
                               place.empty() ? "" : "  · " + place, step.answer.empty() ? "" : "  · " + step.answer));
        if (!step.error.empty()) {
            print_line("    " + step.error);
        }
    }
    if (!checked.error.empty()) {
        print_line(checked.error);
    }
}

void print_checked_json(const LessonEntry& entry, const LessonChecked& checked, double seconds) {
    ordered_json steps = ordered_json::array();
    for (const StepChecked& step : checked.steps) {
        const LessonStep& written = checked.lesson.steps[step.step];
        ordered_json row{
            {"step", step.step + 1},
            {"heading", written.heading},
            {"moment", step.place ? ordered_json(*step.place) : ordered_json()},
            {"question", written.question ? ordered_json(question_kind_name(written.question->kind)) : ordered_json()},
            {"ok", step.error.empty()}};
        if (!step.answer.empty()) {
            row["answer"] = step.answer;
        }
        if (!step.error.empty()) {
            row["error"] = step.error;
        }
        steps.push_back(std::move(row));
    }
    ordered_json all{{"procatlas", PROCATLAS_VERSION},
                     {"lesson", display_text(entry.name)},
                     {"title", checked.lesson.title},
                     {"ok", checked.ok()},
                     {"seconds", seconds},
                     {"steps", std::move(steps)}};
    if (!checked.error.empty()) {
        all["error"] = checked.error;
    }
    print_json(all);
}

int check(const LessonEntry& entry, std::string_view language, bool json, const Messages& words) {
    const auto begun = std::chrono::steady_clock::now();
    const LessonChecked checked = check_lesson(entry.folder, std::string(language));
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    if (json) {
        print_checked_json(entry, checked, seconds);
    } else {
        print_checked(checked, words);
    }
    return flushed(checked.ok() ? exit_done : exit_failed);
}

// Without one of the two kinds of sheets, a page is for the browser.
Result<std::string> lesson_bytes(const LessonArguments& arguments, const LessonEntry& entry, const Lesson& lesson,
                                 std::string_view language, const Messages& words) {
    if (arguments.format == "html" && !arguments.worksheet && !arguments.solution) {
        return lesson_page(lesson, entry.folder, language, words);
    }
    const SheetKind kind = arguments.solution ? SheetKind::solution : SheetKind::worksheet;
    const auto sheet = lesson_sheet(lesson, entry.folder, kind, language, words);
    if (!sheet) {
        return std::unexpected(sheet.error());
    }
    return arguments.format == "pdf" ? sheet_pdf(*sheet, words) : Result<std::string>(sheet_html(*sheet, words));
}

int write_lesson(const LessonArguments& arguments, const LessonEntry& entry, const Lesson& lesson, std::string_view language,
                 const Messages& words) {
    if (arguments.format == "pdf" && arguments.output.empty() && ::isatty(STDOUT_FILENO) == 1) {
        return lesson_complaint(words.format("cli.bytes_to_terminal", arguments.format), exit_usage);
    }
    const auto bytes = lesson_bytes(arguments, entry, lesson, language, words);
    if (!bytes) {
        return lesson_complaint(bytes.error().message, exit_failed);
    }
    const auto written =
        arguments.output.empty() ? write_all(STDOUT_FILENO, *bytes) : write_whole_file(arguments.output, *bytes);
    return written ? exit_done : lesson_complaint(written.error().message, exit_failed);
}

}  // namespace

// What is there already may be somebody's, or of another lesson.
std::string why_not_kept(const std::filesystem::path& file, const Messages& words) {
    std::error_code error;
    if (file.empty()) {
        return {};
    }
    if (std::filesystem::symlink_status(file, error).type() != std::filesystem::file_type::not_found) {
        return words.format("save.exists", display_text(file.native()));
    }
    const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    return std::filesystem::is_directory(folder, error) ? std::string()
                                                        : words.format("lesson.no_folder", display_text(folder.native()));
}

int lesson(const LessonArguments& arguments, std::string_view language, const Messages& words) {
    if (arguments.list) {
        return list(language, arguments.json);
    }
    if (arguments.name.empty()) {
        return lesson_complaint(words.text("lesson.which"), exit_usage);
    }
    const auto entry = find_lesson(arguments.name);
    if (!entry) {
        return lesson_complaint(usage_text(entry.error().message, words), exit_usage);
    }
    if (arguments.check) {
        return check(*entry, language, arguments.json, words);
    }
    auto loaded = load_lesson(entry->folder, language);
    if (!loaded) {
        return lesson_complaint(loaded.error().message, exit_failed);
    }
    if (!arguments.format.empty()) {
        return write_lesson(arguments, *entry, loaded->lesson, language, words);
    }
    if (const std::string problem = why_not_kept(arguments.output, words); !problem.empty()) {
        return lesson_complaint(problem, exit_usage);
    }
    return walk_in_terminal(std::move(loaded->lesson), *entry, arguments.output, display_text(arguments.who), words);
}

}  // namespace procatlas
