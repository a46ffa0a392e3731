// The answers of a class: judged by one run, each with a name of its own.
#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

#include "core/lesson/class_answers.h"
#include "core/model/recording.h"

using namespace procatlas;

namespace {

Lesson two_questions() {
    Lesson lesson;
    lesson.title = "Heap";
    lesson.steps.resize(3);
    lesson.steps[0].heading = "Where?";
    Question& where = lesson.steps[0].question.emplace();
    where.items = {{"heap", "the heap", {}}, {"stack", "the stack", {}}};
    lesson.steps[1].heading = "A pause";
    lesson.steps[2].heading = "How many?";
    Question& many = lesson.steps[2].question.emplace();
    many.kind = QuestionKind::number;
    many.ask = "How many bytes?";
    return lesson;
}

struct Lecture {
    LessonWalk walk{two_questions()};
    Recording recording;
    ClassAnswers answers;

    void take(std::size_t step, const std::vector<AnswerWords>& right, const std::vector<ClassVote>& votes) {
        answers.take(*walk.lesson().steps[step].question, step, {right}, recording, 0, votes);
    }
    [[nodiscard]] std::vector<StudentAnswer> rows() const { return answers.rows(walk, "heap", "Student {}"); }
};

}  // namespace

TEST_CASE("each answer of a class is judged and bears a name that nobody else has") {
    Lecture lecture;
    CHECK(lecture.answers.empty());
    lecture.take(2, {{"4096"}}, {{1, "Kim", "0x1000", 5}, {2, "", "many", 6}, {7, "Kim", "4096", 7}, {9, "", "12", 8}});
    lecture.take(0, {{"heap"}}, {{1, "Kim", "heap", 9}, {2, "Lee", "stack", 10}, {11, "Student 1", "heap", 11}});
    const auto rows = lecture.rows();
    REQUIRE(rows.size() == 7);
    CHECK(rows[0].who == "Kim");  // in the order of the steps
    CHECK(rows[0].step == 1);
    CHECK(rows[0].question == "Where?");
    CHECK(rows[0].given_text == "the heap");
    CHECK(rows[0].expected_text == "the heap");
    CHECK(rows[0].right);
    CHECK(rows[1].who == "Lee");
    CHECK_FALSE(rows[1].right);
    CHECK(rows[2].who == "Student 1");  // so called by themselves
    CHECK(rows[3].who == "Kim");
    CHECK(rows[3].step == 3);
    CHECK(rows[3].right);  // as a number
    CHECK(rows[3].unix_ms == 5);
    CHECK(rows[4].who == "Lee");  // gave a name later
    CHECK(rows[4].given == "many");
    CHECK_FALSE(rows[4].right);
    CHECK(rows[5].who == "Kim (2)");
    CHECK(rows[5].right);
    CHECK(rows[6].who == "Student 2");
    CHECK_FALSE(rows[6].right);
}

TEST_CASE("a class cannot make a recording that is not read again") {
    Lecture lecture;
    std::vector<ClassVote> votes;
    for (std::uint64_t i = 0; i < 3000; ++i) {
        votes.push_back({i, "", "heap", 1});
    }
    for (int i = 0; i < 10; ++i) {
        lecture.take(0, {{"heap"}}, votes);
    }
    CHECK(lecture.rows().size() == ClassAnswers::most);
}
