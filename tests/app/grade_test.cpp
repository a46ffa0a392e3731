// The table of who predicted what.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "app/cli/graded.h"

using namespace procatlas;

namespace {

StudentAnswer graded_answer(std::string who, std::uint32_t step, std::optional<std::string> given, bool right) {
    StudentAnswer answer;
    answer.who = std::move(who);
    answer.lesson = "heap";
    answer.title = "The heap";
    answer.step = step;
    answer.question = "Question " + std::to_string(step);
    answer.given = given;
    answer.given_text = given;
    answer.right = right;
    return answer;
}

const std::vector<HandedIn> a_class{
    {"a.procatlas", {graded_answer("Anna", 1, "four", true), graded_answer("Anna", 2, "=HYPERLINK(1)", false)}, {}},
    {"b.procatlas", {graded_answer("", 1, "four", true), graded_answer("", 2, std::nullopt, false)}, {}},
    {"c.procatlas", {graded_answer("+1", 1, "five", false)}, {}},
    {"d.procatlas", {}, "it is no recording"},
    {"e.procatlas", {}, {}},
};

Messages grade_words() {
    auto read = read_messages(PROCATLAS_SOURCE_DIR "/assets/locale/en.json");
    REQUIRE(read);
    return std::move(*read);
}

}  // namespace

TEST_CASE("a teacher sees of each question who predicted what, and how many each has right") {
    CHECK(graded_text(a_class, {}, grade_words()) == R"(heap · The heap

  1. Question 1  · 2 of 3 right
     ✓ four · 2: Anna, b.procatlas
     ✗ five · 1: +1
  2. Question 2  · 0 of 2 right
     ✗ =HYPERLINK(1) · 1: Anna
     – looked without answering · 1: b.procatlas

     +1: 0 of 2 right, 1 answered; how many questions the lesson asks is not known here
     Anna: 1 of 2 right, 2 answered; how many questions the lesson asks is not known here
     b.procatlas: 1 of 2 right, 1 answered; how many questions the lesson asks is not known here
e.procatlas keeps no answers
)");
}

TEST_CASE("a forged file does not speak for the class") {
    std::vector<HandedIn> files = a_class;
    HandedIn forged{"0.procatlas", {}, {}};
    for (std::uint32_t step = 1; step <= 50; ++step) {
        StudentAnswer answer = graded_answer("Zoe", step, "four", true);
        answer.question = answer.title = "forged";
        answer.given_text = "forged";
        forged.answers.push_back(answer);
    }
    files.insert(files.begin(), forged);
    const std::string text = graded_text(files, {}, grade_words());
    CHECK(text.find("heap · The heap") != std::string::npos);
    CHECK(text.find("1. Question 1  · 3 of 4 right") != std::string::npos);
    CHECK(text.find("✓ four · 3: Anna, Zoe, b.procatlas") != std::string::npos);
    CHECK(text.find("Anna: 1 of 1 right, 2 answered") == std::string::npos);
    CHECK(text.find("Anna: 1 of 2 right, 2 answered") != std::string::npos);
}

TEST_CASE("a file that is handed in twice, or under another name, is counted once and told") {
    const std::vector<HandedIn> files = {{"a.procatlas", {graded_answer("Anna", 1, "four", true)}, {}},
                                         {"copy.procatlas", {graded_answer("Anna", 1, "four", true)}, {}},
                                         {"renamed.procatlas", {graded_answer("Ben", 1, "four", true)}, {}},
                                         {"own.procatlas", {graded_answer("Cho", 1, "five", false)}, {}}};
    CHECK(same_as(files, 1) == 0);
    CHECK(same_as(files, 2) == 0);
    CHECK(!same_as(files, 3));
    const std::string text = graded_text(files, {}, grade_words());
    CHECK(text.find("1 of 2 right") != std::string::npos);
    CHECK(text.find("copy.procatlas (Anna)") != std::string::npos);
    CHECK(text.find("renamed.procatlas (Ben)") != std::string::npos);
    CHECK(text.find("own.procatlas (") == std::string::npos);
    const auto json = nlohmann::json::parse(graded_json(files, {}));
    CHECK(json["files"][2]["same_as"] == "a.procatlas");
    CHECK(!json["files"][3].contains("same_as"));
    CHECK(graded_csv(files, {}).find(",a.procatlas\r\n") != std::string::npos);
}

TEST_CASE("no answer and no name of a student is a formula in a spreadsheet") {
    const std::string csv = graded_csv(a_class, {});
    CHECK(csv.find("'=HYPERLINK(1)") != std::string::npos);
    CHECK(csv.find(",=") == std::string::npos);
    CHECK(csv.find("\n'+1,c.procatlas,") != std::string::npos);
}

TEST_CASE("as JSON each file has its answers, or why it cannot be read") {
    const auto json = nlohmann::json::parse(graded_json(a_class, {}));
    REQUIRE(json["files"].size() == a_class.size());
    CHECK(json["files"][0]["answers"][0]["given"] == "four");
    CHECK(json["files"][1]["answers"][0]["who"].is_null());
    CHECK(json["files"][1]["answers"][1]["given"].is_null());
    CHECK(json["files"][3]["error"] == "it is no recording");
    CHECK(!json["files"][3].contains("answers"));
}

TEST_CASE("who has not come to all questions of a lesson is told out of how many it asks") {
    const QuestionsAsked asked{{"heap", 7}};
    const std::string text = graded_text(a_class, asked, grade_words());
    CHECK(text.find("Anna: 1 of 7 questions right; 2 reached, 2 answered") != std::string::npos);
    CHECK(text.find("+1: 0 of 7 questions right; 1 reached, 1 answered") != std::string::npos);
    CHECK(text.find("b.procatlas: 1 of 7 questions right; 2 reached, 1 answered") != std::string::npos);
    const auto json = nlohmann::json::parse(graded_json(a_class, asked));
    CHECK(json["files"][1]["lessons"] ==
          nlohmann::json::parse(R"([{"lesson": "heap", "right": 1, "answered": 1, "reached": 2, "asked": 7}])"));
    CHECK(nlohmann::json::parse(graded_json(a_class, {}))["files"][1]["lessons"][0]["asked"].is_null());
    CHECK(graded_csv(a_class, asked).find("unix_ms,asked,same_as\r\n") != std::string::npos);
    CHECK(graded_csv(a_class, asked).find(",0,7,\r\n") != std::string::npos);
}
