#include "core/lesson/parse_lesson.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "core/base/text.h"
#include "core/lesson/markdown.h"
#include "core/lesson/parse_blocks.h"

namespace procatlas {
namespace {

constexpr std::size_t most_steps = 60;

// Whether a file has all of a lesson, or only its words in another language.
enum class LessonWords : std::uint8_t { with_blocks, only };

std::string note_text(std::string_view block) {
    std::string text = display_text(block, true);
    text.erase(text.find_last_not_of(" \n") + 1);
    return text;
}

class LessonParser {
public:
    LessonParser(std::string_view file, LessonWords words) : words_(words) { lesson_.file = display_text(file); }

    Result<Lesson> run(std::string_view text) {
        auto pieces = parse_markdown(text, {"run", "go", "show", "question", "note"});
        if (!pieces) {
            return fail(fmt::format("{}: {}", lesson_.file, pieces.error().message));
        }
        for (MarkdownPiece& piece : *pieces) {
            if (const auto taken = take(piece); !taken) {
                return fail(fmt::format("{}:{}: {}", lesson_.file, taken.error().line, taken.error().message));
            }
        }
        if (lesson_.title.empty()) {
            return fail(fmt::format("{}:1: a lesson begins with its title: a line \"# Title\"", lesson_.file));
        }
        if (lesson_.steps.empty()) {
            return fail(fmt::format("{}:1: the lesson has no steps: each begins with a line \"## Heading\"", lesson_.file));
        }
        return std::move(lesson_);
    }

private:
    using Taken = BlockResult<void>;

    static Taken no(std::uint32_t line, std::string message) { return std::unexpected(BlockError{std::move(message), line}); }

    Taken take(MarkdownPiece& piece) {
        switch (piece.kind) {
            case MarkdownPiece::Kind::heading:
                return take_heading(piece);
            case MarkdownPiece::Kind::prose:
                if (lesson_.title.empty()) {
                    return no(piece.line, "a lesson begins with its title: a line \"# Title\"");
                }
                text().push_back(std::move(piece.prose));
                return {};
            case MarkdownPiece::Kind::block:
                return take_block(piece);
        }
        return {};
    }

    Taken take_heading(MarkdownPiece& piece) {
        std::string heading = plain_text(piece.prose);
        if (piece.level == 1) {
            if (!lesson_.title.empty() || !lesson_.steps.empty()) {
                return no(piece.line, "a lesson has one title; a step begins with \"## \"");
            }
            lesson_.title = std::move(heading);
            return {};
        }
        if (lesson_.title.empty()) {
            return no(piece.line, "a lesson begins with its title: a line \"# Title\"");
        }
        if (piece.level == 2) {
            if (lesson_.steps.size() == most_steps) {
                return no(piece.line, fmt::format("a lesson has at most {} steps", most_steps));
            }
            lesson_.steps.emplace_back();
            lesson_.steps.back().heading = std::move(heading);
            lesson_.steps.back().line = piece.line;
        } else {
            text().push_back(std::move(piece.prose));
        }
        return {};
    }

    Taken take_block(const MarkdownPiece& piece) {
        if (lesson_.steps.empty()) {
            return no(piece.line,
                      fmt::format("a {} block belongs to a step; steps begin with a line \"## Heading\"", piece.name));
        }
        LessonStep& step = lesson_.steps.back();
        if (piece.name == "note") {
            (step.note += step.note.empty() ? "" : "\n") += note_text(piece.block);
            return {};
        }
        if (piece.name == "question") {
            return words_ == LessonWords::only ? put(step.question, parse_question_words(piece.block, piece.line), piece)
                                               : put(step.question, parse_question(piece.block, piece.line), piece);
        }
        if (words_ == LessonWords::only) {
            return no(piece.line,
                      fmt::format("the {} block is taken from the other language's file; leave it out here", piece.name));
        }
        if (piece.name == "run") {
            return put(step.run, parse_run(piece.block, piece.line), piece);
        }
        if (piece.name == "go") {
            return put(step.go, parse_go(piece.block, piece.line), piece);
        }
        return put(step.show, parse_show(piece.block, piece.line), piece);
    }

    template <typename T>
    static Taken put(std::optional<T>& place, BlockResult<T> parsed, const MarkdownPiece& piece) {
        if (!parsed) {
            return std::unexpected(std::move(parsed.error()));
        }
        if (place) {
            return no(piece.line, fmt::format("this step has two {} blocks; begin another step", piece.name));
        }
        place = std::move(*parsed);
        return {};
    }

    std::vector<Prose>& text() { return lesson_.steps.empty() ? lesson_.text : lesson_.steps.back().text; }

    LessonWords words_;
    Lesson lesson_;
};

// A step that goes or asks before anything runs has nothing to go in or to ask.
Result<void> check_runs(const Lesson& lesson) {
    bool runs = false;
    for (const LessonStep& step : lesson.steps) {
        runs |= step.run.has_value();
        const std::uint32_t line = step.go ? step.go->line : step.question ? step.question->line : 0;
        if (!runs && line != 0) {
            return fail(
                fmt::format("{}:{}: nothing runs yet: this step or one before it needs a run block", lesson.file, line));
        }
    }
    return {};
}

Result<void> translate_question(Question& question, const Question& words, const std::string& file) {
    question.ask = words.ask;
    question.right = words.right;
    question.wrong = words.wrong;
    const auto same = [](const QuestionItem& a, const QuestionItem& b) { return a.key == b.key; };
    if (!std::ranges::equal(question.items, words.items, same)) {
        std::string keys;
        for (const QuestionItem& item : question.items) {
            keys += fmt::format("{}\"{}\"", keys.empty() ? "" : ", ", item.key);
        }
        return fail(fmt::format("{}:{}: the items are not those of the other language's file, which are {}", file, words.line,
                                keys.empty() ? "none" : keys));
    }
    for (std::size_t i = 0; i < words.items.size(); ++i) {
        question.items[i] = words.items[i];
    }
    return {};
}

}  // namespace

Result<Lesson> parse_lesson(std::string_view text, std::string_view file) {
    auto lesson = LessonParser(file, LessonWords::with_blocks).run(text);
    if (lesson) {
        if (const auto checked = check_runs(*lesson); !checked) {
            return std::unexpected(checked.error());
        }
    }
    return lesson;
}

Result<Lesson> parse_translation(std::string_view text, std::string_view file) {
    return LessonParser(file, LessonWords::only).run(text);
}

Result<Lesson> translated(const Lesson& lesson, const Lesson& translation) {
    if (lesson.steps.size() != translation.steps.size()) {
        return fail(fmt::format("{}:1: it has {} steps, and {} has {}", translation.file, translation.steps.size(), lesson.file,
                                lesson.steps.size()));
    }
    Lesson made = lesson;
    made.title = translation.title;
    made.text = translation.text;
    for (std::size_t i = 0; i < made.steps.size(); ++i) {
        LessonStep& step = made.steps[i];
        const LessonStep& words = translation.steps[i];
        if (step.question.has_value() != words.question.has_value()) {
            return fail(fmt::format("{}:{}: step {} has {} question here, and {} in {}", translation.file, words.line, i + 1,
                                    words.question ? "a" : "no", words.question ? "none" : "one", lesson.file));
        }
        step.heading = words.heading;
        step.text = words.text;
        step.note = words.note;
        if (step.question) {
            if (const auto done = translate_question(*step.question, *words.question, translation.file); !done) {
                return std::unexpected(done.error());
            }
        }
    }
    return made;
}

}  // namespace procatlas
