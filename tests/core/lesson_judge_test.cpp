// Which answers are right, by the rows that the run gave; and the way through a lesson.
#include <doctest/doctest.h>

#include "core/lesson/judge.h"
#include "core/lesson/tree_shape.h"
#include "core/lesson/walk.h"

using namespace procatlas;

namespace {

Question question_of(QuestionKind kind, std::vector<std::string> keys = {}) {
    Question question;
    question.kind = kind;
    for (std::string& key : keys) {
        question.items.push_back({key, "the " + key, "", 0});
    }
    return question;
}

QueryRows rows_of(std::vector<std::vector<std::optional<std::string>>> rows) {
    QueryRows made;
    for (std::size_t i = 0; i < rows.front().size(); ++i) {
        made.columns.push_back(std::string(1, static_cast<char>('a' + i)));
    }
    made.rows = std::move(rows);
    return made;
}

bool right(const Question& question, const QueryRows& rows, const std::string& typed) {
    const auto answer = right_answer(question, rows);
    REQUIRE_MESSAGE(answer, answer.error().message);
    const auto given = parse_typed_answer(question, typed);
    return given && is_right(question, *answer, *given);
}

std::string why_not(const Question& question, const QueryRows& rows) {
    const auto answer = right_answer(question, rows);
    return answer ? std::string() : answer.error().message;
}

}  // namespace

TEST_CASE("a choice is right by its number or its key, and the query must give one of the choices") {
    const Question question = question_of(QuestionKind::choice, {"heap", "stack"});
    CHECK(right(question, rows_of({{"stack"}}), "2"));
    CHECK(right(question, rows_of({{"stack"}}), "stack"));
    CHECK_FALSE(right(question, rows_of({{"stack"}}), "1"));
    CHECK_FALSE(parse_typed_answer(question, "3"));
    CHECK_FALSE(parse_typed_answer(question, ""));
    CHECK(why_not(question, rows_of({{"pile"}})) == "it gives \"pile\", which is none of the choices heap, stack");
    CHECK(why_not(question, rows_of({{std::nullopt}})) == "it gives NULL");
    CHECK(why_not(question, {{"a"}, {}}) == "it gives no row");
}

TEST_CASE("where keys of choices are numbers, a typed number is the place in the list") {
    const Question question = question_of(QuestionKind::choice, {"2", "1"});
    CHECK(right(question, rows_of({{"2"}}), "1"));
    CHECK_FALSE(right(question, rows_of({{"2"}}), "2"));
}

TEST_CASE("numbers are compared as numbers, texts without case and blanks") {
    CHECK(right(question_of(QuestionKind::number), rows_of({{"4096"}}), "4,096"));
    CHECK(right(question_of(QuestionKind::number), rows_of({{"16"}}), "0x10"));
    CHECK(right(question_of(QuestionKind::number), rows_of({{"-1"}}), "-1"));
    CHECK_FALSE(right(question_of(QuestionKind::number), rows_of({{"16"}}), "17"));
    CHECK_FALSE(parse_typed_answer(question_of(QuestionKind::number), "many"));
    CHECK(right(question_of(QuestionKind::text), rows_of({{"Hello  world"}}), " hello world"));
    CHECK(why_not(question_of(QuestionKind::number), rows_of({{"x"}})) == "it gives \"x\", which is no number");
}

TEST_CASE("a place may be one of several, and may name its process") {
    Question question = question_of(QuestionKind::place);
    CHECK(right(question, rows_of({{"heap"}, {"data"}}), "data"));
    CHECK(right(question, rows_of({{"heap", "C1"}}), "heap C1"));
    CHECK_FALSE(right(question, rows_of({{"heap", "C1"}}), "heap P"));
    question.place = PlaceOf::page;
    CHECK(right(question, rows_of({{"0x7f00"}}), "0x7F00"));
}

TEST_CASE("an order is right only whole, and the query must give each item once") {
    const Question question = question_of(QuestionKind::order, {"a", "b", "c"});
    CHECK(right(question, rows_of({{"c"}, {"a"}, {"b"}}), "3 1 2"));
    CHECK_FALSE(right(question, rows_of({{"c"}, {"a"}, {"b"}}), "1 2 3"));
    CHECK(parse_typed_answer(question, "3 1") == AnswerWords{"c", "a", "b"});
    CHECK_FALSE(parse_typed_answer(question, "1"));
    CHECK_FALSE(parse_typed_answer(question, "1 1"));
    CHECK_FALSE(parse_typed_answer(question, "231"));
    CHECK_FALSE(parse_typed_answer(question, "1 2 2"));
    CHECK(why_not(question, rows_of({{"a"}, {"b"}})) == "its rows are not the items a, b, c, each once");
    CHECK(answer_text(question, {"c", "a", "b"}) == "the c → the a → the b");
}

TEST_CASE("trees are compared by their shape, whatever the names and the order of siblings") {
    CHECK(tree_shape("P(C1(C3) C2)") == tree_shape("a(b, c(d))"));
    CHECK(tree_shape("P(C1 C2)") != tree_shape("P(C1(C2))"));
    for (const char* bad : {"", "(", "P(", "P)", "P Q", "P(C1))", "P(C1"}) {
        CAPTURE(bad);
        CHECK_FALSE(tree_shape(bad));
    }
    CHECK_FALSE(tree_shape(std::string(100'000, '(')));
    const Question question = question_of(QuestionKind::tree);
    CHECK(right(question, rows_of({{"P", std::nullopt}, {"C1", "P"}, {"C2", "P"}, {"C3", "C1"}}), "x(y z(w))"));
    CHECK(why_not(question, rows_of({{"P", "P"}})).starts_with("its rows are no one tree"));
    CHECK(why_not(question, rows_of({{"P", std::nullopt}, {"A", "B"}, {"B", "A"}})).starts_with("its rows are no one tree"));
}

TEST_CASE("boxes are filled in in their order, and each needs a value from the query") {
    const Question question = question_of(QuestionKind::fill, {"P", "C1"});
    CHECK(right(question, rows_of({{"C1", "2"}, {"P", "1"}}), "1 2"));
    CHECK_FALSE(right(question, rows_of({{"C1", "2"}, {"P", "1"}}), "2 1"));
    CHECK_FALSE(parse_typed_answer(question, "1"));
    CHECK(why_not(question, rows_of({{"P", "1"}})) == "it gives no value for the box \"C1\"");
}

TEST_CASE("a walk veils until the question is answered or skipped, and keeps its answers when the lesson is saved anew") {
    Lesson lesson;
    lesson.steps.resize(3);
    lesson.steps[0].run.emplace();
    lesson.steps[0].show = LessonShow{{"memory"}, {}, {}, 0};
    lesson.steps[1].show = LessonShow{{"tree"}, {}, {"output"}, 0};
    lesson.steps[1].question = question_of(QuestionKind::number);
    LessonWalk walk(lesson);
    CHECK_FALSE(walk.back());
    CHECK(walk.begins_run());
    CHECK(walk.next());
    CHECK_FALSE(walk.begins_run());
    CHECK(walk.run() == &*walk.lesson().steps[0].run);
    CHECK(walk.open());
    REQUIRE(walk.veils().size() == 1);
    walk.answer({"4"}, Verdict{true, {"4"}, "Yes.", 7}, 3);
    CHECK(walk.veils().empty());
    CHECK(walk.answered(1)->right);
    CHECK(walk.next());
    CHECK(walk.show()->views == std::vector<std::string>{"tree"});
    CHECK_FALSE(walk.next());

    walk.reload(lesson);
    CHECK(walk.step() == 2);
    CHECK(walk.answered(1));
    lesson.steps.resize(1);
    walk.reload(lesson);
    CHECK(walk.step() == 0);
    CHECK_FALSE(walk.answered(1));
}
