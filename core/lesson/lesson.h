// A lesson as it was written: steps with text, what to run, where to go, what to show, and a question. assets/lessons/README.md
// describes the files. Plain values; all texts are safe to show.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/model/pointed.h"

namespace procatlas {

enum class SpanStyle : std::uint8_t { plain, strong, code };

struct Span {
    SpanStyle style = SpanStyle::plain;
    std::string text;

    bool operator==(const Span&) const = default;
};

enum class ProseKind : std::uint8_t { paragraph, heading, item, code };

// A paragraph, an item of a list, ...
struct Prose {
    ProseKind kind = ProseKind::paragraph;
    std::uint8_t depth = 0;  // of an item: 0 in the outermost list
    std::string marker;      // of an item in a numbered list: "1."; else empty
    std::vector<Span> spans;

    bool operator==(const Prose&) const = default;
};

// How finely the run is recorded.
enum class LessonGrain : std::uint8_t { lifecycle, memory, calls, lines, instructions };

// Runs a program; the steps from here on are about this run.
struct LessonRun {
    std::string program;    // an example, or a file beside the lesson: "child.c", "child.py"
    std::string arguments;  // behind the program's name, as a person types them
    LessonGrain grain = LessonGrain::memory;
    bool pages = false;
    bool libraries = false;  // calls and lines of libraries too
    bool explore = false;    // also all that could have happened: queries have the table `outcome`
    std::string only;        // calls and lines of this function only; empty: no limit
    std::uint32_t line = 0;  // of the block in its file

    bool operator==(const LessonRun&) const = default;
};

enum class GoTo : std::uint8_t { start, end, event, line, call, return_from, output, query };

// Goes on from the step before to the first moment that fits; a new run begins at its start.
struct LessonGo {
    GoTo to = GoTo::end;
    std::string what = {};     // the kind of the event, the function, the text of the output, or the query
    std::uint32_t number = 0;  // of the line
    std::string process = {};  // whose: its family_name, as P, C1, C1.2; empty: anybody's
    std::uint32_t count = 1;   // the how manieth that fits
    bool before = false;       // stops one event earlier: before it happens
    bool from_start = false;   // looks from the start of the run
    std::uint32_t line = 0;

    bool operator==(const LessonGo&) const = default;
};

// What the stage shows from this step on.
struct LessonShow {
    std::vector<std::string> views;  // names of the catalogue of views: "memory", "tree", ...
    std::vector<Pointed> points;
    std::vector<std::string> veils;  // what is hidden until the question of the step is answered
    std::uint32_t line = 0;
    std::uint32_t point_line = 0;

    bool operator==(const LessonShow&) const = default;
};

enum class QuestionKind : std::uint8_t { choice, number, text, place, order, tree, fill };

enum class PlaceOf : std::uint8_t { region, page, frame, line, process };

// One of the choices, of the things to put in order, or of the boxes to fill in.
struct QuestionItem {
    std::string key;   // what the query calls it
    std::string text;  // what is shown
    std::string why;   // of a choice: what is said to whoever chose it and is wrong; may be empty
    std::uint32_t line = 0;

    bool operator==(const QuestionItem&) const = default;
};

struct Question {
    QuestionKind kind = QuestionKind::choice;
    PlaceOf place = PlaceOf::region;
    std::string ask;  // empty: the heading of the step is the question
    std::vector<QuestionItem> items;
    std::string answer;  // the query whose rows are the right answer
    std::string facts;   // a query of one row, whose columns feedback may name; may be empty
    std::string moment;  // a query for the moment that shows it; may be empty
    std::string right;   // feedback, with {names}; may be empty
    std::string wrong;
    std::uint32_t line = 0;
    std::uint32_t answer_line = 0;
    std::uint32_t facts_line = 0;
    std::uint32_t moment_line = 0;

    bool operator==(const Question&) const = default;
};

struct LessonStep {
    std::string heading;
    std::vector<Prose> text;
    std::optional<LessonRun> run;
    std::optional<LessonGo> go;
    std::optional<LessonShow> show;
    std::optional<Question> question;
    std::string note;  // for the teacher
    std::uint32_t line = 0;

    bool operator==(const LessonStep&) const = default;
};

struct Lesson {
    std::string file;  // for messages: its name, safe to show
    std::string title;
    std::vector<Prose> text;  // before the first step
    std::vector<LessonStep> steps;

    bool operator==(const Lesson&) const = default;
};

// The name in the files: "choice", "region", "lines", ...
[[nodiscard]] std::string_view question_kind_name(QuestionKind kind);
[[nodiscard]] std::string_view place_name(PlaceOf place);
[[nodiscard]] std::string_view lesson_grain_name(LessonGrain grain);

// The text of the spans, one behind the other.
[[nodiscard]] std::string plain_text(const Prose& prose);

}  // namespace procatlas
