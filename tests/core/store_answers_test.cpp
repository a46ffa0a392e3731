// Answers of students in recordings: kept, signed, read back from whoever sends them, and left out of figures.
#include <doctest/doctest.h>
#include <sqlite3.h>

#include <string>
#include <vector>

#include "core/store/recording_without_memory.h"
#include "core/store/student_answers.h"
#include "tests/core/store_support.h"

using namespace procatlas;

namespace {

StudentAnswer an_answer(std::uint32_t step, std::optional<std::string> given) {
    StudentAnswer answer;
    answer.lesson = "four-areas";
    answer.title = "Four areas";
    answer.step = step;
    answer.question = "Where is it?";
    answer.given = given;
    answer.given_text = given ? std::optional("the " + *given) : std::nullopt;
    answer.expected = "heap";
    answer.expected_text = "the heap";
    answer.right = given == "heap";
    answer.moment = step == 1 ? std::nullopt : std::optional<std::size_t>(3);
    answer.unix_ms = 1'700'000'000'000;
    return answer;
}

const std::vector<StudentAnswer> three_answers{an_answer(1, "stack"), an_answer(2, "heap"), an_answer(4, std::nullopt)};

void run_in(const std::filesystem::path& path, const std::string& statements) {
    sqlite3* database = nullptr;
    REQUIRE(::sqlite3_open(path.c_str(), &database) == SQLITE_OK);
    const int result = ::sqlite3_exec(database, statements.c_str(), nullptr, nullptr, nullptr);
    CHECK_MESSAGE(result == SQLITE_OK, statements << ": " << ::sqlite3_errmsg(database));
    ::sqlite3_close(database);
}

}  // namespace

TEST_CASE("a recording keeps a student's answers beside its run, and the name that is given when it is handed in") {
    const ScratchFolder folder;
    const auto path = folder / "x.procatlas";
    write_made_up(path, 1, 50);
    CHECK(read_answers(path) == std::vector<StudentAnswer>{});
    REQUIRE(write_answers(path, std::vector{an_answer(1, "code")}));
    REQUIRE(write_answers(path, three_answers));
    CHECK(read_answers(path) == three_answers);
    REQUIRE(sign_answers(path, "Kim"));
    const auto read = read_answers(path);
    REQUIRE(read);
    CHECK(read->size() == 3);
    CHECK(read->back().who == "Kim");
    std::vector<StudentAnswer> of_class = three_answers;
    of_class[1].who = "Lee";
    REQUIRE(write_answers(path, of_class));
    REQUIRE(sign_answers(path, "Kim"));
    REQUIRE(sign_answers(path, "Park", "Kim"));  // was misspelt
    const auto class_read = read_answers(path);
    REQUIRE(class_read);
    CHECK(class_read->front().who == "Park");
    CHECK((*class_read)[1].who == "Lee");
    const auto loaded = read_recording(path);  // the run is as it was
    REQUIRE(loaded);
    CHECK(loaded->recording.events().size() == 50);
    REQUIRE(write_without_memory(loaded->recording, loaded->info, folder / "figure.procatlas"));
    CHECK(read_answers(folder / "figure.procatlas") == std::vector<StudentAnswer>{});
}

TEST_CASE("answers from a stranger are bounded, safe to show, and refused where they make no sense") {
    const ScratchFolder folder;
    const auto path = folder / "x.procatlas";
    write_made_up(path, 1, 50);
    REQUIRE(write_answers(path, three_answers));
    run_in(path, "UPDATE answer SET who = 'a' || char(27) || '[2J' || char(10) || 'b' WHERE id = 0");
    const auto read = read_answers(path);
    REQUIRE(read);
    CHECK(read->front().who.find('\x1b') == std::string::npos);
    CHECK(read->front().who.find('\n') == std::string::npos);
    for (const std::string statements :
         {"UPDATE answer SET step = 0 WHERE id = 1", "UPDATE answer SET id = 7 WHERE id = 2",
          "UPDATE answer SET right = 2 WHERE id = 1", "UPDATE answer SET given_text = NULL WHERE id = 1",
          "UPDATE answer SET question = hex(zeroblob(20000)) WHERE id = 1", "UPDATE answer SET step = -1 WHERE id = 1",
          "WITH RECURSIVE n(i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < 20010)"
          " INSERT INTO answer SELECT i, '', '', '', 1, '', NULL, NULL, '', '', 0, NULL, 0 FROM n"}) {
        CAPTURE(statements);
        REQUIRE(write_answers(path, three_answers));
        run_in(path, statements);
        const auto refused = read_answers(path);
        REQUIRE(!refused);
        CHECK(refused.error().message.find("damaged") != std::string::npos);
        run_in(path, "DELETE FROM answer");
    }
    CHECK(!read_answers("/dev/zero"));
    CHECK(!read_answers(folder / "nothing"));
}
