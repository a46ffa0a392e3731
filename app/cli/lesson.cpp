#include "app/cli/lesson.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
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
#include "app/control/lesson_library.h"
#include "core/base/text.h"
#include "core/base/whole_file.h"
#include "core/lesson/kept_answers.h"
#include "core/lesson/lesson_places.h"
#include "core/lesson/printed_lines.h"
#include "core/lesson/walk.h"
#include "core/store/recordings_folder.h"
#include "core/store/student_answers.h"

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

// Why a student's answers cannot be kept there; empty: they can. What is there already may be somebody's, or of another lesson.
std::string problem_with(const std::filesystem::path& file, const Messages& words) {
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

// How wide a character is in a terminal: those of Korean, Chinese and Japanese take two columns.
std::size_t columns_of(std::string_view text) {
    std::size_t columns = 0;
    for (std::size_t at = 0; at < text.size();) {
        const char32_t c = next_code_point(text, at);
        columns += (c >= 0x1100 && c < 0x1200) || (c >= 0x2E80 && c < 0xD800) || (c >= 0xFF00 && c < 0xFF61) ? 2 : 1;
    }
    return columns;
}

std::string wrapped(std::string_view text, std::size_t indent) {
    constexpr std::size_t width = 78;
    std::string out(indent, ' ');
    std::size_t column = indent;
    while (!text.empty()) {
        const std::size_t blank = std::min(text.find(' '), text.size());
        const std::string_view word = text.substr(0, blank);
        const std::size_t size = columns_of(word);
        if (column > indent && column + 1 + size > width) {
            out += '\n' + std::string(indent, ' ');
            column = indent;
        } else if (column > indent) {
            out += ' ';
            ++column;
        }
        out += word;
        column += size;
        text.remove_prefix(std::min(blank + 1, text.size()));
    }
    return out;
}

void print_prose(const std::vector<Prose>& text) {
    for (const Prose& prose : text) {
        const std::string words = plain_text(prose);
        switch (prose.kind) {
            case ProseKind::paragraph:
                print_line(wrapped(words, 0) + "\n");
                break;
            case ProseKind::heading:
                print_line(words + "\n");
                break;
            case ProseKind::item: {
                const std::size_t indent = 2 + 2 * std::size_t{prose.depth};
                std::string item = wrapped(words, indent + 2);
                const std::string mark = prose.marker.empty() ? "- " : prose.marker;
                print_line(item.replace(indent, std::min<std::size_t>(mark.size(), 2), mark.substr(0, 2)));
                break;
            }
            case ProseKind::code: {
                std::string_view rest = words;
                while (!rest.empty()) {
                    const std::string_view line = rest.substr(0, rest.find('\n'));
                    print_line(fmt::format("    {}", line));
                    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
                }
                print_line("");
                break;
            }
        }
    }
}

// What the terminal tells of a lesson, step by step; answers are lines of standard input.
class TerminalWalk {
public:
    // `file`: where the answers are kept, with the run; empty: nowhere.
    TerminalWalk(Lesson lesson, const LessonEntry& entry, std::filesystem::path file, std::string who, const Messages& words)
        : walk_(std::move(lesson)),
          runs_(walk_.lesson(), entry.folder),
          name_(entry.name),
          file_(std::move(file)),
          who_(std::move(who)),
          words_(words) {}

    int run() {
        print_line(walk_.lesson().title + "\n");
        print_prose(walk_.lesson().text);
        do {
            auto told = tell_step();
            if (told) {
                told = keep_answers();
            }
            if (!told) {
                (void)std::fflush(stdout);
                return lesson_complaint(told.error().message, exit_failed);
            }
        } while (walk_.next());
        if (!file_.empty() && walk_.answer_count() > 0) {
            print_line(words_.format("lesson.kept", walk_.answer_count(), display_text(file_.native())));
        }
        return flushed(exit_done);
    }

private:
    Result<void> tell_step() {
        print_line(fmt::format("[{}/{}] {}\n", walk_.step() + 1, walk_.lesson().steps.size(), walk_.now().heading));
        print_prose(walk_.now().text);
        if (walk_.begins_run()) {
            if (auto begun = runs_.begin(*walk_.run()); !begun) {
                return begun;
            }
            told_lines_ = 0;
        }
        const auto place = runs_.place(walk_.step());
        if (!place) {
            return std::unexpected(place.error());
        }
        const auto veils = walk_.veils();
        if (std::ranges::find(veils, "output") == veils.end()) {
            tell_output(place->value_or(0));
        }
        if (walk_.question() && runs_.recorded()) {
            return ask(*walk_.question(), place->value_or(0));
        }
        wait_for_line();
        return {};
    }

    // After each step: whoever stops in the middle has the answers until then.
    Result<void> keep_answers() {
        if (file_.empty() || walk_.answer_count() == 0 || !runs_.recorded()) {
            return {};
        }
        const auto written = write_answers(runs_.file(), kept_answers(walk_, name_, who_));
        return written ? copy_recording(runs_.file(), file_) : written;
    }

    // The lines that are whole up to the moment, and were not told yet.
    void tell_output(std::size_t until) {
        if (!runs_.recorded()) {
            return;
        }
        bool any = false;
        const std::vector<PrintedLine> lines = printed_lines(runs_.recording());
        for (; told_lines_ < lines.size() && lines[told_lines_].moment <= until; ++told_lines_) {
            print_line("  │ " + lines[told_lines_].text);
            any = true;
        }
        if (any) {
            print_line("");
        }
    }

    Result<void> ask(const Question& question, std::size_t place) {
        if (!question.ask.empty()) {
            print_line(wrapped(question.ask, 0) + "\n");
        }
        for (std::size_t i = 0; i < question.items.size(); ++i) {
            print_line(fmt::format("  {}  {}", i + 1, question.items[i].text));
        }
        const std::vector<AnswerWords> places = list_places(question, place);
        const std::optional<AnswerWords> given = typed_answer(question, places);
        const auto verdict = judge(question, given.value_or(AnswerWords()), *runs_.recorded(), place, walk_.lesson().file);
        if (!verdict) {
            return std::unexpected(verdict.error());
        }
        const std::string expected = answer_text(question, verdict->expected);
        print_line("");
        if (given) {
            print_line(verdict->right ? std::string(words_.text("lesson.right")) : words_.format("lesson.wrong", expected));
        } else {
            print_line(words_.format("lesson.shown", expected));
        }
        if (!verdict->feedback.empty()) {
            print_line(wrapped(verdict->feedback, 0));
        }
        print_line("");
        if (given || !ended_) {  // where the input has ended, nobody has looked
            walk_.answer(given.value_or(AnswerWords()), *verdict, place);
        }
        tell_output(verdict->moment.value_or(place));
        return {};
    }

    // The places that may be chosen by a number, where the window has them clicked.
    std::vector<AnswerWords> list_places(const Question& question, std::size_t moment) {
        std::vector<AnswerWords> places;
        if (question.kind != QuestionKind::place) {
            return places;
        }
        const World world = runs_.recording().world_at(moment);
        for (const LessonPlace& place : listed_places(runs_.recording(), world, question.place)) {
            if (auto words = place_words(runs_.recording(), world, place)) {
                print_line(fmt::format("  {}  {}", places.size() + 1, fmt::join(*words, "  ")));
                places.push_back(std::move(*words));
            }
        }
        return places;
    }

    // nullopt: an empty line, which asks to be shown the answer, the end of the input, or several lines that are no answers.
    std::optional<AnswerWords> typed_answer(const Question& question, const std::vector<AnswerWords>& places) {
        constexpr int tries = 3;
        for (int i = 0; i < tries; ++i) {
            fmt::print("\n{} > ", terminal_text(words_.text(fmt::format("lesson.type_{}", typed_name(question)))));
            const auto line = read_line();
            if (!line || line->empty()) {
                return std::nullopt;
            }
            std::size_t number = 0;
            const auto [end, error] = std::from_chars(line->data(), line->data() + line->size(), number);
            if (error == std::errc() && end == line->data() + line->size() && number >= 1 && number <= places.size()) {
                return places[number - 1];
            }
            if (auto answer = parse_typed_answer(question, *line)) {
                return answer;
            }
            print_line(words_.text("lesson.no_answer"));
        }
        return std::nullopt;
    }

    void wait_for_line() {
        if (!walk_.at_last()) {
            fmt::print("{} ", terminal_text(words_.text("lesson.go_on")));
            (void)read_line();
            print_line("");
        }
    }

    std::optional<std::string> read_line() {
        (void)std::fflush(stdout);
        std::string line;
        constexpr std::size_t most = 4000;
        for (int c = std::getchar(); c != '\n'; c = std::getchar()) {
            if (c == EOF) {
                ended_ = true;
                return line.empty() ? std::nullopt : std::optional(line);
            }
            if (line.size() < most) {
                line += static_cast<char>(c);
            }
        }
        return line;
    }

    LessonWalk walk_;
    LessonRuns runs_;
    std::string name_;
    std::filesystem::path file_;
    std::string who_;
    const Messages& words_;
    bool ended_ = false;          // the input has
    std::size_t told_lines_ = 0;  // of this run's output
};

}  // namespace

int lesson(const LessonArguments& arguments, std::string_view language, const Messages& words) {
    if (arguments.list) {
        return list(language, arguments.json);
    }
    if (arguments.name.empty()) {
        return lesson_complaint(words.text("lesson.which"), exit_usage);
    }
    const auto entry = find_lesson(arguments.name);
    if (!entry) {
        return lesson_complaint(entry.error().message, exit_usage);
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
    if (const std::string problem = problem_with(arguments.output, words); !problem.empty()) {
        return lesson_complaint(problem, exit_usage);
    }
    return TerminalWalk(std::move(loaded->lesson), *entry, arguments.output, display_text(arguments.who), words).run();
}

}  // namespace procatlas
