// Every lesson of the course without a student: its programs run, each step arrives, each query answers, in both languages.
#include <algorithm>
#include <atomic>
#include <fstream>
#include <thread>

#include "tests/live/cli_support.h"
#include "tests/live/known_answers.h"
#include "tests/scratch_folder.h"

using namespace procatlas;

namespace {

constexpr std::size_t lessons_of_the_course = 21;

void check_known(std::size_t lesson, const nlohmann::json& checked) {
    std::size_t found = 0;
    std::size_t wanted = 0;
    for (const Known& known : known_answers) {
        if (known.lesson != lesson) {
            continue;
        }
        ++wanted;
        for (const nlohmann::json& step : checked["steps"]) {
            if (step["step"] == known.step) {
                CAPTURE(step.dump());
                CHECK(step.value("answer", "") == known.answer);
                ++found;
            }
        }
    }
    CHECK(found == wanted);
}

nlohmann::json json_of(const std::string& arguments) {
    nlohmann::json parsed = nlohmann::json::parse(run_procatlas("lesson " + arguments).output, nullptr, false);
    REQUIRE(!parsed.is_discarded());
    return parsed;
}

}  // namespace

TEST_CASE("the course has its lessons in order, of five to twelve steps, in both languages") {
    const nlohmann::json list = json_of("--list --json");
    std::size_t number = 0;
    for (const nlohmann::json& lesson : list["lessons"]) {
        if (lesson["number"].is_null()) {
            continue;
        }
        ++number;
        CAPTURE(lesson.dump());
        CHECK(lesson["number"] == number);
        CHECK(lesson["steps"] >= 5);
        CHECK(lesson["steps"] <= 12);
        CHECK(lesson["languages"] == nlohmann::json{"en", "ko"});
    }
    CHECK(number == lessons_of_the_course);
}

TEST_CASE("every lesson can be walked: programs run, steps arrive, queries answer, and each wrong choice is answered") {
    constexpr std::size_t at_once = 2;
    std::vector<RanProgram> ran(lessons_of_the_course);
    std::atomic<std::size_t> next = 0;
    std::vector<std::thread> workers;
    for (std::size_t i = 0; i < at_once; ++i) {
        workers.emplace_back([&] {
            for (std::size_t at = next++; at < ran.size(); at = next++) {
                auto result = run_program(
                    {.words = {procatlas_program, "lesson", std::to_string(at + 1), "--check", "--json", "--language", "en"}},
                    std::chrono::minutes(4));
                ran[at] = result ? std::move(*result) : RanProgram{-1, result.error().message};
            }
        });
    }
    std::ranges::for_each(workers, [](std::thread& worker) { worker.join(); });
    for (std::size_t i = 0; i < ran.size(); ++i) {
        CHECK_MESSAGE(ran[i].status == 0, "lesson " << i + 1 << ": " << ran[i].output);
        const nlohmann::json checked = nlohmann::json::parse(ran[i].output, nullptr, false);
        REQUIRE(!checked.is_discarded());
        check_known(i + 1, checked);
    }
}

TEST_CASE("a lesson that a person walks in the terminal tells what happened, whatever the answer") {
    const Ran wrong = run_line("yes 2 | LC_ALL=C.UTF-8 " + procatlas_program + " lesson four-areas");
    CHECK(wrong.status == 0);
    CHECK(wrong.output.find("Not so. What happened: the code area") != std::string::npos);
    CHECK(wrong.output.find("Right.") != std::string::npos);  // of the variable that is in the data area
    const Ran none = run_line("LC_ALL=C.UTF-8 " + procatlas_program + " lesson 1 --language ko </dev/null");
    CHECK(none.status == 0);
    CHECK(none.output.find("코드 영역") != std::string::npos);
}

TEST_CASE("a lesson in the terminal keeps the answers in a recording, and grade tells them") {
    const ScratchFolder folder;
    const std::string file = folder.path("mine.procatlas");
    const Ran walked = run_line("yes 2 | LC_ALL=C.UTF-8 " + procatlas_program + " lesson 1 --name Lee -o " + file);
    CHECK(walked.status == 0);
    const Ran graded = run_procatlas("grade --language en " + file + " " + folder.path("nothing") + " 2>/dev/null");
    CHECK(graded.status == 1);  // one of the files is not there; the other one is told
    CHECK(graded.output.find("✗ the data area · 1: Lee") != std::string::npos);
    // What is there already stays, and is refused at the start.
    CHECK(run_procatlas("lesson 2 -o " + file + " </dev/null 2>/dev/null").status == 2);
    CHECK(run_procatlas("lesson 2 -o " + folder.path("nothing/x.procatlas") + " </dev/null 2>/dev/null").status == 2);
    // Where the input ends, nobody has looked: there is no file, and the status says so.
    CHECK(run_procatlas("lesson 1 -o " + folder.path("none.procatlas") + " </dev/null 2>/dev/null").status == 1);
    CHECK(!std::filesystem::exists(folder.path("none.procatlas")));
    CHECK(run_procatlas("lesson 1 --check -o " + file + " 2>/dev/null").status == 2);
    CHECK(run_procatlas("lesson 1 --name Lee 2>/dev/null").status == 2);
}

TEST_CASE("a hostile lesson is told with its lines, does no harm, and is ended in time") {
    const ScratchFolder folder;
    std::ofstream(folder / "lesson.en.md")
        << "# T\n## Endless\n```run\nprogram: hello\n```\n```question\nkind: number\n"
           "answer: WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c\n```\n"
           "## Writes\n```question\nkind: number\nanswer: DELETE FROM event\n```\n"
           "## Attaches\n```question\nkind: number\nanswer: ATTACH '/etc/passwd' AS x\n```\n"
           "## Huge\n```question\nkind: number\nanswer: WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL "
           "SELECT x + 1 FROM c) SELECT x FROM c\n```\n"
           "## Never\n```go\nto: exec\ncount: 99\n```\n";
    const Ran ran = run_procatlas("lesson " + folder.path().string() + " --check --json");
    CHECK(ran.status == 1);
    const nlohmann::json told = nlohmann::json::parse(ran.output, nullptr, false);
    REQUIRE(!told.is_discarded());
    CHECK(told["ok"] == false);
    CHECK(told["seconds"] < 60);
    std::vector<std::string> errors;
    for (const nlohmann::json& step : told["steps"]) {
        errors.push_back(step.value("error", ""));
    }
    REQUIRE(errors.size() == 5);
    CHECK(errors[0] == "lesson.en.md:8: the query for the answer: it takes too long");
    CHECK(errors[1] == "lesson.en.md:13: the query for the answer: a query of a lesson only reads the recording");
    CHECK(errors[2] == "lesson.en.md:18: the query for the answer: a query of a lesson only reads the recording");
    CHECK(errors[3] == "lesson.en.md:23: the query for the answer: it gives more than 1000 rows");
    CHECK(errors[4].starts_with("lesson.en.md:26: this never happens"));
}

TEST_CASE(
    "the check tells of answers that nobody can give, or everybody, of a hidden place, and of steps that were not tried") {
    const ScratchFolder folder;
    std::ofstream(folder / "lesson.en.md")
        << "# T\n## Place\n```run\nprogram: hello\n```\n```show\nview: tree\nveil: tree\n```\n"
           "```question\nkind: place\nof: process\nanswer: SELECT 'P'\n```\n"
           "## Number\n```show\nview: tree\n```\n```question\nkind: place\nof: process\nanswer: SELECT 0\n```\n"
           "## Order\n```question\nkind: order\nanswer: SELECT 'a' UNION ALL SELECT 'b'\n- a | one\n- b | two\n```\n"
           "## Frame\n```question\nkind: place\nof: frame\nanswer: SELECT 'nosuch'\n```\n"
           "## Region\n```question\nkind: place\nof: region\nanswer: SELECT 'haep'\n```\n"
           "## Never\n```go\nto: exec\ncount: 99\n```\n"
           "## After\nWords.\n";
    const Ran ran = run_procatlas("lesson " + folder.path().string() + " --check --json");
    CHECK(ran.status == 1);
    const nlohmann::json told = nlohmann::json::parse(ran.output, nullptr, false);
    REQUIRE(!told.is_discarded());
    std::vector<std::string> errors;
    for (const nlohmann::json& step : told["steps"]) {
        errors.push_back(step.value("error", ""));
    }
    REQUIRE_MESSAGE(errors.size() == 7, ran.output);
    CHECK(errors[0].find("hidden by \"veil: tree\"") != std::string::npos);
    CHECK(errors[1].find("\"0\" is no process of this run") != std::string::npos);
    CHECK(errors[2].find("stand in the right order already") != std::string::npos);
    CHECK(errors[3].find("nobody can answer \"nosuch\": there is no such frame at this step") != std::string::npos);
    CHECK(errors[4].find("nobody can answer \"haep\": there is no such region at this step") != std::string::npos);
    CHECK(errors[5].find("this never happens") != std::string::npos);
    CHECK(errors[6] == "not tried, because of step 6");
}

TEST_CASE("a program beside a lesson is compiled and run") {
    const ScratchFolder folder;
    std::ofstream(folder / "seven.c") << "#include <stdio.h>\nint main(void) { printf(\"it is %d\\n\", 7); return 0; }\n";
    std::ofstream(folder / "lesson.en.md")
        << "# T\n## S\n```run\nprogram: seven.c\ngrain: lines\n```\n```go\nto: end\n```\n```question\n"
           "kind: number\nanswer: SELECT number_in(text) FROM line\n```\n";
    const Ran ran = run_procatlas("lesson " + folder.path().string() + " --check");
    CHECK(ran.status == 0);
    CHECK(ran.output.find("7") != std::string::npos);
    CHECK(run_procatlas("lesson no-such-lesson --check 2>/dev/null").status == 2);
    CHECK(run_procatlas("lesson 2>/dev/null").status == 2);
}

TEST_CASE("a place that is not there is no answer, words go with values, and the terminal tells what is pointed at") {
    const ScratchFolder folder;
    std::ofstream(folder / "lesson.en.md")
        << "# Places\n## Where\n```run\nprogram: fork_write\ngrain: lines\n```\n```go\nto: fork\n```\n"
           "```show\nview: memory\npoint: variable number, line 3, region stack\n```\n"
           "```question\nkind: place\nof: process\nanswer: SELECT 'C1'\nfacts: SELECT 1 AS sure, 'x' AS odd\n"
           "right: It is {sure: 1 = certain | open}, and {odd: y = this | that}.\n```\n";
    const std::string walk = "LC_ALL=C.UTF-8 " + procatlas_program + " lesson " + folder.path().string();
    const Ran walked = run_line("printf 'C9\\nC1\\n' | " + walk);
    CHECK(walked.status == 0);
    CHECK(walked.output.find("There is no process “C9” here. There are: P, C1.") != std::string::npos);
    CHECK(walked.output.find("It is certain, and that.") != std::string::npos);
    CHECK(walked.output.find("Look at: the variable number: P = 1 (0x") != std::string::npos);
    CHECK(walked.output.find(", C1 = 1 (0x") != std::string::npos);
    CHECK(walked.output.find("Look at: line 3 of the source") != std::string::npos);
    CHECK(walked.output.find("Look at: stack") != std::string::npos);
    std::ofstream(folder / "lesson.en.md") << "# Words\n## One\n```run\nprogram: hello\n```\n```question\nkind: number\n"
                                              "answer: SELECT 1\nfacts: SELECT 2 AS n\nright: {n: 1 = one}\n```\n";
    const Ran checked = run_line(walk + " --check");
    CHECK(checked.status == 1);
    CHECK(checked.output.find("the feedback has no words in {n: ...} for \"2\"") != std::string::npos);
}

TEST_CASE("no picture of a worksheet answers a question of the same sheet, before it or behind it") {
    const ScratchFolder folder;
    std::ofstream(folder / "lesson.en.md")
        << "# Paper\n## Seen\n```run\nprogram: three_same\ngrain: lines\n```\n```go\nto: fork\n```\n"
           "```show\nview: memory\n```\n"
           "## Which area?\n```show\nview: memory\nveil: kinds, addresses\n```\n"
           "```question\nkind: text\nanswer: SELECT 'x'\n```\n"
           "## How many?\n```go\nto: end\n```\n```show\nview: tree\nveil: tree, pids\n```\n"
           "```question\nkind: number\nanswer: SELECT count(*) FROM process\n```\n"
           "## Whose?\n```show\nview: tree\n```\n```question\nkind: place\nof: process\nanswer: SELECT 'C1'\n```\n"
           "## Then\n```show\nview: timeline\n```\n"
           "## Before\n```go\nto: fork\nfrom: start\n```\n```show\nview: memory\n```\n## End\nWords.\n";
    const std::string name = "lesson " + folder.path().string();
    const Ran sheet = run_procatlas(name + " --as html --worksheet --language en");
    CHECK(sheet.status == 0);
    const Ran solved = run_procatlas(name + " --as html --solution --language en");
    CHECK(solved.status == 0);
    for (const std::string& told : {std::string(">heap<"), std::string(">stack<"), std::string(">C3<")}) {
        std::string in_picture;  // as a picture in a page writes it
        for (const char c : told) {
            in_picture += c == '>' ? "%3E" : c == '<' ? "%3C" : std::string(1, c);
        }
        CAPTURE(told);
        CHECK(solved.output.find(in_picture) != std::string::npos);
        CHECK(sheet.output.find(in_picture) == std::string::npos);
    }
    CHECK(sheet.output.find("Mark it in the picture.") == std::string::npos);  // the tree answers how many there are
    CHECK(sheet.output.find("data:image/svg") != std::string::npos);
}

TEST_CASE("a variable that is pointed at and does not exist is told with its line") {
    const ScratchFolder folder;
    std::ofstream(folder / "lesson.en.md")
        << "# Points\n## One\n```run\nprogram: fork_write\ngrain: lines\n```\n```go\nto: fork\n```\n"
           "```show\nview: memory\npoint: variable number\n```\n"
           "## Two\n```show\nview: memory\npoint: region heap, variable nubmer\n```\n";
    const Ran ran = run_procatlas("lesson " + folder.path().string() + " --check --json");
    CHECK(ran.status == 1);
    const nlohmann::json told = nlohmann::json::parse(ran.output, nullptr, false);
    REQUIRE(!told.is_discarded());
    REQUIRE(told["steps"].size() == 2);
    CHECK(told["steps"][0]["ok"] == true);
    CHECK(told["steps"][1].value("error", "").starts_with("lesson.en.md:17: no process has a variable \"nubmer\""));
}

TEST_CASE("on paper a place is marked in a picture, by the student or by the solution") {
    const auto pictures = [](const std::string& page) {
        std::size_t count = 0;
        for (std::size_t at = 0; (at = page.find("data:image/svg", at)) != std::string::npos; ++at) {
            ++count;
        }
        return count;
    };
    for (const char* lesson : {"5", "7"}) {
        CAPTURE(lesson);
        const Ran sheet = run_procatlas(std::string("lesson ") + lesson + " --as html --worksheet --language en");
        CHECK(sheet.status == 0);
        CHECK(sheet.output.find("Mark it in the picture.") != std::string::npos);
        CHECK(pictures(sheet.output) > 0);
        const Ran solved = run_procatlas(std::string("lesson ") + lesson + " --as html --solution --language en");
        CHECK(solved.status == 0);
        CHECK(solved.output.find("Mark it in the picture.") == std::string::npos);
    }
}

TEST_CASE("on paper a worksheet has empty answers, a solution those of its run, and neither has a script") {
    const Ran sheet = run_procatlas("lesson 8 --as html --worksheet");
    const Ran solution = run_procatlas("lesson 8 --as html --solution");
    CHECK(sheet.status == 0);
    CHECK(solution.status == 0);
    CHECK(sheet.output.find("☐") != std::string::npos);
    CHECK(sheet.output.find("☑") == std::string::npos);
    CHECK(sheet.output.find("The parent printed 1") == std::string::npos);
    CHECK(solution.output.find("The parent printed 1") != std::string::npos);
    CHECK(solution.output.find("☑</span>the same as the parent") != std::string::npos);
    CHECK(solution.output.find("data:image/svg+xml") != std::string::npos);

    const ScratchFolder folder;
    std::ofstream(folder / "lesson.en.md")
        << "# <script>alert(1)</script>\n## <img src=x onerror=alert(1)>\n<b>x</b>\n```run\nprogram: hello\n```\n"
           "```question\nkind: choice\nask: <script>2</script>\n- a | <i>a</i>\n- b\nanswer: SELECT 'a'\n"
           "right: <script>3</script>\n```\n";
    const Ran hostile = run_procatlas("lesson " + folder.path().string() + " --as html --solution");
    CHECK(hostile.status == 0);
    for (const char* tag : {"<script", "<img src=x", "<b>", "<i>"}) {
        CHECK(hostile.output.find(tag) == std::string::npos);
    }
    const Ran page = run_procatlas("lesson " + folder.path().string() + " --as html");
    CHECK(page.status == 0);
    CHECK(page.output.find("<script>alert") == std::string::npos);
    CHECK(page.output.find("script-src 'sha256-") != std::string::npos);
    CHECK(page.output.find("<img src=x") == std::string::npos);
    const Ran pdf = run_procatlas("lesson 8 --as pdf --solution");
    CHECK(pdf.status == 0);
    CHECK(pdf.output.starts_with("%PDF-"));
    CHECK(run_procatlas("lesson 8 --worksheet 2>/dev/null").status == 2);
}

TEST_CASE("a worksheet tells neither the blocks of an area whose name is asked for, nor how many processes there are") {
    const auto in_pictures = [](const std::string& page, std::string_view text) {
        return page.find(text) != std::string::npos;
    };
    const Ran heap = run_procatlas("lesson 3 --as html --worksheet --language en");
    CHECK(heap.status == 0);
    CHECK(!in_pictures(heap.output, "in use%3C"));
    CHECK(in_pictures(run_procatlas("lesson 3 --as html --solution --language en").output, "in use%3C"));
    const Ran threads = run_procatlas("lesson 17 --as html --worksheet --language en");
    CHECK(threads.status == 0);
    CHECK(!in_pictures(threads.output, "%3E4 threads"));
    const Ran zombies = run_procatlas("lesson 14 --as html --solution --language en");
    CHECK(zombies.status == 0);
    CHECK(in_pictures(zombies.output, "1 alive %C2%B7 1 zombie%3C"));
}
