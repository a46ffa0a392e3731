// The queries of lessons, which come from strangers: what they may ask, and how they are stopped.
#include <doctest/doctest.h>

#include <chrono>
#include <fstream>
#include <memory>
#include <string>

#include "core/lesson/arrive.h"
#include "core/lesson/printed_lines.h"
#include "core/lesson/query_functions.h"
#include "core/lesson/recorded_run.h"
#include "tests/core/store_support.h"
#include "tests/support/event_of.h"

using namespace procatlas;

namespace {

OutputEvent written(std::string text) {
    const std::uint64_t size = text.size();
    return {OutputStream::standard_output, std::move(text), size};
}

// P (10) makes C1 (11); lines in pieces, and two in one piece.
Recording small_run() {
    Recording recording;
    recording.append(event_of(10, StartEvent{9, {"sh"}, "/"}));
    recording.append(event_of(10, written("parent at 0x7f")));
    ForkEvent fork;
    fork.child = {11, 11};
    recording.append(event_of(10, fork));
    recording.append(event_of(11, written("child 2\nchild -3\n")));
    recording.append(event_of(10, written("00 is 1\r\n")));
    recording.append(event_of(11, ExitEvent{7, std::nullopt}));
    recording.append(event_of(10, ReapEvent{{11, 11}, Reaper::parent}));
    return recording;
}

class SmallRun {
public:
    SmallRun() : recording_(small_run()) {
        for (const char* name : {"run", "before"}) {
            auto writer = RecordingWriter::create(folder_ / name, {name, 1, "test"});
            REQUIRE(writer);
            (*writer)->follow(recording_);
            REQUIRE((*writer)->finish(recording_));
        }
        auto opened = RecordedRun::open(folder_ / "run", recording_, folder_ / "before");
        REQUIRE_MESSAGE(opened, opened.error().message);
        run_.emplace(std::move(*opened));
    }

    // The first cell, or the error behind "error: ".
    std::string ask(const std::string& query, std::size_t moment = 0, const QueryLimits& limits = {}) {
        const auto rows = run_->ask(query, moment, limits);
        return !rows                ? "error: " + rows.error().message
               : rows->rows.empty() ? std::string("no row")
                                    : rows->rows.front().front().value_or("NULL");
    }

    const ScratchFolder folder_;
    Recording recording_;
    std::optional<RecordedRun> run_;
};

}  // namespace

TEST_CASE("a query asks the tables of the recording, its lines, the run before, and the moment") {
    SmallRun run;
    CHECK(run.ask("SELECT count(*) FROM process") == "2");
    CHECK(run.ask("SELECT code FROM process WHERE id = 1;  ") == "7");
    CHECK(run.ask("SELECT count(*) FROM tree") == "2");
    CHECK(run.ask("SELECT :moment", 5) == "5");
    CHECK(run.ask("SELECT title FROM previous.about") == "before");
    CHECK(run.ask("SELECT group_concat(text, '/') FROM (SELECT text FROM line ORDER BY number)") ==
          "child 2/child -3/parent at 0x7f00 is 1");
    CHECK(run.ask("SELECT label(process) FROM line WHERE text = 'child 2'") == "C1");
    CHECK(run.ask("SELECT number_in(text) FROM line WHERE text LIKE 'child -%'") == "-3");
    CHECK(run.ask("SELECT address_in(text) FROM line WHERE text LIKE 'parent%'") == std::to_string(0x7f00));
    CHECK(run.ask("SELECT number_in(text) FROM line WHERE text LIKE 'parent%'") == "1");
    CHECK(run.ask("SELECT region_of(0, NULL, 1)") == "NULL");
    CHECK(run.ask("SELECT value_of(5, 1, 'x')") == "NULL");
    CHECK(run.run_->ask_moment("SELECT moment FROM event WHERE kind = 'fork'", 0).value() == 2);
    CHECK_FALSE(run.run_->ask_moment("SELECT text FROM line", 0));
    CHECK_FALSE(run.run_->ask_moment("SELECT moment FROM event WHERE kind = 'exec'", 0));
}

TEST_CASE("a query that writes, attaches, or does anything but read is refused") {
    SmallRun run;
    const auto refused = [&](const std::string& query) {
        return run.ask(query) == "error: a query of a lesson only reads the recording";
    };
    for (const char* query :
         {"DELETE FROM event", "INSERT INTO about VALUES('a', 1, 'b', NULL)", "UPDATE process SET pid = 1", "DROP TABLE event",
          "CREATE TABLE t(a)", "CREATE TEMP TABLE t(a)", "DROP TABLE temp.line", "ATTACH '/etc/passwd' AS x", "DETACH previous",
          "PRAGMA query_only=OFF", "PRAGMA writable_schema=ON", "VACUUM INTO '/tmp/x'", "BEGIN", "SAVEPOINT s", "ANALYZE",
          "REINDEX", "SELECT load_extension('/tmp/x.so')", "SELECT zeroblob(100000000)",
          "SELECT * FROM pragma_database_list"}) {
        CAPTURE(query);
        CAPTURE(run.ask(query));
        CHECK(refused(query));
    }
    CHECK(run.ask("SELECT 1; DELETE FROM event") == "error: there is more than one statement");
    CHECK(run.ask("") == "error: there is no statement");
    CHECK(run.ask("-- nothing") == "error: there is no statement");
    CHECK(run.ask("SELECT nowhere FROM event").starts_with("error: no such column"));
    CHECK(run.ask("SELECT readfile('/etc/passwd')").starts_with("error: "));
    CHECK(run.ask("SELECT count(*) FROM event") == "7");
}

TEST_CASE("an endless query, a huge result and one that takes all memory are ended in time") {
    SmallRun run;
    const QueryLimits limits{.deadline = std::chrono::milliseconds(300)};
    const auto begun = std::chrono::steady_clock::now();
    CHECK(run.ask("WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c", 0, limits) ==
          "error: it takes too long");
    CHECK(run.ask("WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c", 0, limits) ==
          "error: it gives more than 1000 rows");
    CHECK(run.ask("SELECT printf('%.*c', 900000, 'x')", 0, limits) == "error: it gives too much text");
    CHECK(run.ask("SELECT printf('%.*c', 90000000, 'x')", 0, limits).size() < 100);  // SQLite gives up, or gives nothing
    const std::string much = run.ask(
        "WITH RECURSIVE c(x, y) AS (SELECT 1, '' UNION SELECT x + 1, printf('%.*c', 500000, 'x') || x FROM c) "
        "SELECT count(*) FROM c",
        0, {.deadline = std::chrono::seconds(20)});
    CHECK(much == "error: it takes too much memory");
    CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(20));
    CHECK(run.ask("SELECT 1") == "1");  // and the next one is answered
}

TEST_CASE("a file that is no recording is not asked") {
    const ScratchFolder folder;
    std::ofstream(folder / "x") << "not a database, but long enough to be looked at as one, if that were what decides";
    const Recording recording;
    CHECK_FALSE(RecordedRun::open(folder / "x", recording));
    CHECK_FALSE(RecordedRun::open(folder / "nothing", recording));
}

TEST_CASE("a step goes to the first event that fits, behind where it stood, and says where it never arrives") {
    const Recording recording = small_run();
    const auto place = [&](LessonGo go, std::optional<std::size_t> from = std::nullopt) {
        return arrival(go, recording, from);
    };
    CHECK(place({.to = GoTo::event, .what = "fork"}) == 2);
    CHECK(place({.to = GoTo::event, .what = "fork", .before = true}) == 1);
    CHECK(place({.to = GoTo::event, .what = "fork"}, 2) == std::nullopt);
    CHECK(place({.to = GoTo::event, .what = "fork", .from_start = true}, 5) == 2);
    CHECK(place({.to = GoTo::output, .what = "parent"}) == 4);  // its last piece
    CHECK(place({.to = GoTo::output, .what = "parent", .before = true}) == 0);
    CHECK(place({.to = GoTo::output, .process = "C1", .count = 2}) == 3);
    CHECK(place({.to = GoTo::event, .what = "exit", .process = "P"}) == std::nullopt);
    CHECK(place({.to = GoTo::end}) == std::nullopt);  // nobody said that all have ended

    Lesson lesson;
    lesson.file = "lesson.en.md";
    lesson.steps.resize(3);
    lesson.steps[0].run.emplace();
    lesson.steps[1].go = LessonGo{.to = GoTo::event, .what = "fork", .line = 12};
    lesson.steps[2].go = LessonGo{.to = GoTo::event, .what = "exec", .line = 20};
    const AskMoment none = [](const std::string&, std::size_t) { return Result<std::size_t>(fail("none")); };
    CHECK(place_of_step(lesson, 0, recording, none).value() == 0);
    CHECK(place_of_step(lesson, 1, recording, none).value() == 2);
    const auto never = place_of_step(lesson, 2, recording, none);
    REQUIRE_FALSE(never);
    CHECK(never.error().message.starts_with("lesson.en.md:20: this never happens after moment 2"));
}

TEST_CASE("where a program was explored, queries know what else it can print, and may not change that either") {
    const ScratchFolder folder;
    const Recording recording = small_run();
    auto writer = RecordingWriter::create(folder / "run", {"run", 1, "test"});
    REQUIRE(writer);
    (*writer)->follow(recording);
    REQUIRE((*writer)->finish(recording));
    auto plain = RecordedRun::open(folder / "run", recording);
    REQUIRE(plain);
    CHECK_FALSE(plain->ask("SELECT count(*) FROM outcome", 0));
    auto explored = RecordedRun::open(folder / "run", recording, std::nullopt,
                                      PossibleOutcomes{{{"child\nparent", 3}, {"parent\nchild", 4}}, true});
    REQUIRE_MESSAGE(explored, explored.error().message);
    const auto rows = explored->ask("SELECT output, runs, all_tried FROM outcome, explored ORDER BY number", 0);
    REQUIRE_MESSAGE(rows, rows.error().message);
    REQUIRE(rows->rows.size() == 2);
    CHECK(rows->rows[1][1] == "4");
    CHECK(rows->rows[1][2] == "1");
    CHECK(explored->ask("SELECT replace(output, char(10), ' ') FROM outcome", 0)->rows[0][0] == "child parent");
    CHECK_FALSE(explored->ask("DELETE FROM outcome", 0));
}
