#include "app/cli/terminal_walk.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdio>
#include <iterator>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "app/cli/exit_status.h"
#include "app/cli/lesson_runs.h"
#include "app/cli/terminal_text.h"
#include "core/base/text.h"
#include "core/lesson/judge.h"
#include "core/lesson/kept_answers.h"
#include "core/lesson/lesson_places.h"
#include "core/lesson/printed_lines.h"
#include "core/lesson/walk.h"
#include "core/store/recordings_folder.h"
#include "core/store/student_answers.h"

namespace procatlas {
namespace {

void say_line(std::string_view text) {
    fmt::print("{}\n", terminal_text(text));
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
                say_line(wrapped(words, 0) + "\n");
                break;
            case ProseKind::heading:
                say_line(words + "\n");
                break;
            case ProseKind::item: {
                const std::size_t indent = 2 + 2 * std::size_t{prose.depth};
                std::string item = wrapped(words, indent + 2);
                const std::string mark = prose.marker.empty() ? "- " : prose.marker;
                say_line(item.replace(indent, std::min<std::size_t>(mark.size(), 2), mark.substr(0, 2)));
                break;
            }
            case ProseKind::code: {
                std::string_view rest = words;
                while (!rest.empty()) {
                    const std::string_view line = rest.substr(0, rest.find('\n'));
                    say_line(fmt::format("    {}", line));
                    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
                }
                say_line("");
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

    Result<void> run() {
        say_line(walk_.lesson().title + "\n");
        print_prose(walk_.lesson().text);
        do {
            auto told = tell_step();
            if (told) {
                told = keep_answers();
            }
            if (!told) {
                return told;
            }
        } while (walk_.next());
        return file_.empty() ? Result<void>() : tell_kept();
    }

private:
    // Whoever only looked has answered nothing.
    Result<void> tell_kept() {
        const auto kept = kept_answers(walk_, name_, who_);
        const auto given = std::ranges::count_if(kept, [](const StudentAnswer& answer) { return answer.given.has_value(); });
        if (kept.empty()) {
            return fail(words_.format("lesson.nothing_kept", display_text(file_.native())));
        }
        say_line(words_.format("lesson.kept", given, display_text(file_.native()), std::ssize(kept) - given));
        return {};
    }

    Result<void> tell_step() {
        say_line(fmt::format("[{}/{}] {}\n", walk_.step() + 1, walk_.lesson().steps.size(), walk_.now().heading));
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
        tell_points(place->value_or(0), veils);
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
            say_line("  │ " + lines[told_lines_].text);
            any = true;
        }
        if (any) {
            say_line("");
        }
    }

    // What the window frames. Of a variable what it holds, and where, as far as that is not veiled.
    void tell_points(std::size_t moment, std::span<const std::string> veils) {
        const LessonShow* const show = walk_.now().show ? &*walk_.now().show : nullptr;
        const auto veiled = [&](std::string_view name) { return std::ranges::find(veils, name) != veils.end(); };
        for (const Pointed& pointed : show&& runs_.recorded() ? show->points : std::vector<Pointed>()) {
            std::string what;
            switch (pointed.kind) {
                case PointedKind::variable:
                    what = words_.format("lesson.point_variable", display_text(pointed.name)) +
                           variable_text(pointed.name, moment, veiled("values"), veiled("addresses"));
                    break;
                case PointedKind::line:
                    what = words_.format("lesson.point_line", pointed.line);
                    break;
                case PointedKind::region:
                    what = words_.text("region." + pointed.name);
                    break;
            }
            say_line(words_.format("lesson.look_at", what) + "\n");
        }
    }

    // ": P = 5 (0x7ffd...), C1 = 6 (0x7ffd...)"; empty: nobody has one.
    std::string variable_text(std::string_view name, std::size_t moment, bool no_values, bool no_addresses) {
        std::string quoted(name);
        for (std::size_t at = 0; (at = quoted.find('\'', at)) != std::string::npos; at += 2) {
            quoted.insert(at, 1, '\'');
        }
        const auto rows = runs_.recorded()->ask(
            fmt::format("SELECT label(id), value_of(id, :moment, '{0}'), printf('0x%x', address_of(id, :moment, '{0}')) "
                        "FROM process WHERE birth <= :moment AND address_of(id, :moment, '{0}') NOT NULL",
                        quoted),
            moment);
        std::string text;
        for (std::size_t i = 0; rows && i < rows->rows.size(); ++i) {
            const auto& row = rows->rows[i];
            text += (text.empty() ? ": " : ", ") + row[0].value_or("") + (no_values ? "" : " = " + row[1].value_or("?")) +
                    (no_addresses ? "" : " (" + row[2].value_or("?") + ")");
        }
        return text;
    }

    Result<void> ask(const Question& question, std::size_t place) {
        if (!question.ask.empty()) {
            say_line(wrapped(question.ask, 0) + "\n");
        }
        for (std::size_t i = 0; i < question.items.size(); ++i) {
            say_line(fmt::format("  {}  {}", i + 1, question.items[i].text));
        }
        const std::vector<AnswerWords> places = list_places(question, place);
        const std::optional<AnswerWords> given = typed_answer(question, place, places);
        const auto verdict = judge(question, given.value_or(AnswerWords()), *runs_.recorded(), place, walk_.lesson().file);
        if (!verdict) {
            return std::unexpected(verdict.error());
        }
        const std::string expected = answer_text(question, verdict->expected);
        say_line("");
        if (given) {
            say_line(verdict->right ? std::string(words_.text("lesson.right")) : words_.format("lesson.wrong", expected));
        } else {
            say_line(words_.format("lesson.shown", expected));
        }
        if (!verdict->feedback.empty()) {
            say_line(wrapped(verdict->feedback, 0));
        }
        say_line("");
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
                std::string shown;
                for (const std::string& word : *words) {
                    shown += shown.empty() ? "" : "  ";
                    shown += words_.has("region." + word) ? std::string(words_.text("region." + word)) : word;
                }
                say_line(fmt::format("  {}  {}", places.size() + 1, shown));
                places.push_back(std::move(*words));
            }
        }
        return places;
    }

    // nullopt: an empty line, which asks to be shown the answer, the end of the input, or several lines that are no answers.
    std::optional<AnswerWords> typed_answer(const Question& question, std::size_t moment,
                                            const std::vector<AnswerWords>& places) {
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
            auto answer = parse_typed_answer(question, *line);
            if (answer && question.kind == QuestionKind::place) {
                const World world = runs_.recording().world_at(moment);
                const std::string typed = answer->front();
                answer = known_place(runs_.recording(), world, question.place, std::move(*answer));
                if (!answer) {
                    say_line(no_place_text(runs_.recording(), world, question.place, display_text(typed), words_));
                    continue;
                }
            }
            if (answer) {
                return answer;
            }
            say_line(words_.text("lesson.no_answer"));
        }
        return std::nullopt;
    }

    void wait_for_line() {
        if (!walk_.at_last()) {
            fmt::print("{} ", terminal_text(words_.text("lesson.go_on")));
            (void)read_line();
            say_line("");
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

int walk_in_terminal(Lesson lesson, const LessonEntry& entry, const std::filesystem::path& file, const std::string& who,
                     const Messages& words) {
    const Result<void> walked = TerminalWalk(std::move(lesson), entry, file, who, words).run();
    const bool written = std::fflush(stdout) == 0;
    if (!walked) {
        fmt::print(stderr, "procatlas: {}\n", terminal_text(display_text(walked.error().message, true)));
    }
    return walked && written ? exit_done : exit_failed;
}

}  // namespace procatlas
