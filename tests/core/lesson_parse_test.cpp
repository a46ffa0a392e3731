// The text of a lesson: what it becomes, and what whoever wrote it is told.
#include <doctest/doctest.h>

#include <string>

#include "core/lesson/markdown.h"
#include "core/lesson/parse_lesson.h"

using namespace procatlas;

namespace {

// A lesson whose only step has these lines, the first of which is line 5.
std::string lesson_with(const std::string& lines) {
    return "# Title\n\nHello.\n## Step\n" + lines;
}

std::string refused(const std::string& text) {
    const auto lesson = parse_lesson(text, "lesson.en.md");
    return lesson ? std::string() : lesson.error().message;
}

bool says(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

const std::string whole_lesson = R"(# Four areas

A **running** program.

- one `main`
- two

## First

```run
program: child
arguments: one "two three"
grain: lines
pages: yes
```

```go
to: fork
process: P
count: 2
before: yes
```

```show
view: memory, tree
veil: output
```

```note
For the teacher.
```

## Where is it?

```c
int main(void) {
```

```question
kind: choice
ask: Where
  is it?
- heap | in the heap
- stack | on the stack | No: it has no frame.
answer: SELECT 'heap'
  FROM process
right: Yes.
```
)";

}  // namespace

TEST_CASE("a lesson becomes steps with their text, run, go, show, question and note") {
    const auto lesson = parse_lesson(whole_lesson, "lesson.en.md");
    REQUIRE_MESSAGE(lesson, lesson.error().message);
    CHECK(lesson->title == "Four areas");
    REQUIRE(lesson->text.size() == 3);
    CHECK(lesson->text[0].spans[1] == Span{SpanStyle::strong, "running"});
    CHECK(lesson->text[1].kind == ProseKind::item);
    CHECK(plain_text(lesson->text[1]) == "one main");
    REQUIRE(lesson->steps.size() == 2);
    const LessonStep& first = lesson->steps[0];
    CHECK(first.heading == "First");
    REQUIRE(first.run);
    CHECK(first.run->program == "child");
    CHECK(first.run->arguments == "one \"two three\"");
    CHECK(first.run->grain == LessonGrain::lines);
    CHECK(first.run->pages);
    CHECK(first.run->line == 10);
    REQUIRE(first.go);
    CHECK(first.go->to == GoTo::event);
    CHECK(first.go->what == "fork");
    CHECK(first.go->process == "P");
    CHECK(first.go->count == 2);
    CHECK(first.go->before);
    REQUIRE(first.show);
    CHECK(first.show->views == std::vector<std::string>{"memory", "tree"});
    CHECK(first.note == "For the teacher.");
    const LessonStep& second = lesson->steps[1];
    REQUIRE(second.text.size() == 1);
    CHECK(second.text[0].kind == ProseKind::code);
    REQUIRE(second.question);
    CHECK(second.question->ask == "Where is it?");
    CHECK(second.question->answer == "SELECT 'heap'\nFROM process");
    CHECK(second.question->answer_line == 45);
    REQUIRE(second.question->items.size() == 2);
    CHECK(second.question->items[1].key == "stack");
    CHECK(second.question->items[1].why == "No: it has no frame.");
}

TEST_CASE("what is wrong in a lesson is told with its file, its line and what would be right") {
    CHECK(says(refused("Hello."), "lesson.en.md:1: a lesson begins with its title"));
    CHECK(says(refused("# Title\n"), "no steps"));
    CHECK(says(refused("# Title\n```run\nprogram: child\n```\n"), "lesson.en.md:2: a run block belongs to a step"));
    CHECK(says(refused(lesson_with("```run\nprogramm: child\n```\n")),
               "lesson.en.md:6: a run block has no \"programm:\"; it has program"));
    CHECK(says(refused(lesson_with("```run\ngrain: lines\n```\n")), "lesson.en.md:5: a run block needs \"program:\""));
    CHECK(says(refused(lesson_with("```run\nprogram: child\ngrain: line\n```\n")),
               "lesson.en.md:7: \"grain:\" is one of lifecycle, memory, calls, lines, instructions, not \"line\""));
    CHECK(says(refused(lesson_with("```run\nprogram: a\n\nprogram: b\n```\n")), "lesson.en.md:8: \"program:\" is here twice"));
    CHECK(says(refused(lesson_with("```run\nwhat is this\n```\n")), "lesson.en.md:6: \"what is this\" is neither"));
    CHECK(says(refused(lesson_with("```run\nprogram: a\n```\n```run\nprogram: a\n```\n")),
               "lesson.en.md:8: this step has two run blocks"));
    CHECK(says(refused(lesson_with("```go\nto: end\n```\n")), "lesson.en.md:5: nothing runs yet"));
    CHECK(says(refused(lesson_with("```run\nprogram: a\n```\n```go\nto: moon\n```\n")),
               "lesson.en.md:9: \"moon\" is no place to go to"));
    CHECK(says(refused(lesson_with("```run\nprogram: a\n```\n```go\nto: line x\n```\n")),
               "lesson.en.md:9: \"x\" is not a number"));
    CHECK(says(refused(lesson_with("```run\nprogram: a\n```\n```go\nto: end\nprocess: Q1\n```\n")),
               "lesson.en.md:10: \"Q1\" is no process"));
    CHECK(says(refused(lesson_with("```run\nprogram: a\n```\n```show\nview: memoery\n```\n")),
               "\"memoery\" is no view; the views are memory"));
    for (const char* point : {"somewhere", "region heep", "line x", "variable", "process C1"}) {
        const std::string show = "```run\nprogram: a\n```\n```show\nview: memory\npoint: " + std::string(point) + "\n```\n";
        CHECK(
            says(refused(lesson_with(show)), std::string("\"") + point + "\" cannot be pointed at; these can: variable NAME"));
    }
    CHECK(parse_pointed("line 12") == Pointed{PointedKind::line, {}, 12});
    CHECK(parse_pointed("region heap") == Pointed{PointedKind::region, "heap", 0});
    CHECK(!parse_pointed("line 0"));
    CHECK(points_at_variable(parse_pointed("variable buffer").value(), "main::buffer"));
    CHECK(!points_at_variable(parse_pointed("variable buffer").value(), "my_buffer"));
    CHECK(
        says(refused(lesson_with("```question\nanswer: SELECT 1\n```\n")), "lesson.en.md:5: a question block needs \"kind:\""));
    CHECK(says(refused(lesson_with("```question\nkind: number\n```\n")), "lesson.en.md:5: a question block needs \"answer:\""));
    CHECK(says(refused(lesson_with("```question\nkind: choice\n- one\nanswer: SELECT 1\n```\n")), "needs two choices or more"));
    CHECK(says(refused(lesson_with("```question\nkind: choice\n- one\n- one\nanswer: SELECT 1\n```\n")),
               "lesson.en.md:8: there are two items \"one\""));
    CHECK(says(refused(lesson_with("```question\nkind: place\nanswer: SELECT 1\n```\n")), "needs \"of:\""));
}

TEST_CASE("a program of a lesson is a name, never a way out of its folder") {
    for (const char* name : {"../../bin/sh", "/bin/sh", "a/b.c", "..", ".hidden.c", "-rf", "a\\b"}) {
        CAPTURE(name);
        CHECK(says(refused(lesson_with(std::string("```run\nprogram: ") + name + "\n```\n")), "is not the name of an example"));
    }
}

TEST_CASE("a translation has only words, and the same steps, questions and items") {
    const auto lesson = parse_lesson(whole_lesson, "lesson.en.md");
    REQUIRE(lesson);
    const std::string words =
        "# 네 영역\n## 첫째\n말.\n## 어디?\n```question\n- heap | 힙\n- stack | 스택 | 아니요.\nright: 네.\n```\n";
    const auto translation = parse_translation(words, "lesson.ko.md");
    REQUIRE_MESSAGE(translation, translation.error().message);
    const auto korean = translated(*lesson, *translation);
    REQUIRE_MESSAGE(korean, korean.error().message);
    CHECK(korean->title == "네 영역");
    CHECK(korean->steps[0].run == lesson->steps[0].run);
    CHECK(korean->steps[1].question->answer == lesson->steps[1].question->answer);
    CHECK(korean->steps[1].question->items[0].text == "힙");
    CHECK(korean->steps[1].question->right == "네.");

    const auto other = [&](const std::string& text) {
        const auto parsed = parse_translation(text, "lesson.ko.md");
        const auto made = parsed ? translated(*lesson, *parsed) : parsed;
        return made ? std::string() : made.error().message;
    };
    CHECK(says(other("# a\n## b\n"), "lesson.ko.md:1: it has 1 steps, and lesson.en.md has 2"));
    CHECK(says(other("# a\n## b\n## c\n"), "step 2 has no question here"));
    CHECK(
        says(other("# a\n## b\n## c\n```question\n- heap | x\n- pile | y\n```\n"), "lesson.ko.md:4: the items are not those"));
    CHECK(says(other("# a\n## b\n```run\nprogram: x\n```\n"),
               "lesson.ko.md:3: the run block is taken from the other language's file"));
    CHECK(says(other("# a\n## b\n## c\n```question\nanswer: SELECT 1\n```\n"),
               "lesson.ko.md:5: a translated question block has no \"answer:\""));
}

TEST_CASE("HTML and scripts in a lesson are text, and hidden characters are shown as escapes") {
    const auto lesson =
        parse_lesson("# T\n## S\n<script>alert(1)</script> [link](javascript:x) \xE2\x80\xAE\n", "lesson.en.md");
    REQUIRE(lesson);
    REQUIRE(lesson->steps[0].text.size() == 1);
    CHECK(plain_text(lesson->steps[0].text[0]) == "<script>alert(1)</script> link \\u202e");
}

TEST_CASE("a lesson that is too large, or has too many steps, is refused at once") {
    CHECK(says(refused(std::string(100 << 20, '#')), "larger than 512 KiB"));
    std::string steps = "# T\n";
    for (int i = 0; i < 61; ++i) {
        steps += "## S\n";
    }
    CHECK(says(refused(steps), "lesson.en.md:62: a lesson has at most 60 steps"));
    CHECK(parse_lesson("# T\n## S\n" + std::string(100'000, '>'), "x"));
    CHECK(parse_lesson("# T\n## S\n" + std::string(100'000, '['), "x"));
}
