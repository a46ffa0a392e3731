// The files of lessons, which may come from strangers.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

#include "app/cli/lesson_record.h"
#include "app/control/lesson_library.h"
#include "app/control/lesson_program.h"
#include "tests/scratch_folder.h"

using namespace procatlas;
namespace fs = std::filesystem;

namespace {

void put(const fs::path& file, std::string_view text) {
    std::ofstream(file, std::ios::binary) << text;
}

std::string load_error(const fs::path& folder) {
    const auto loaded = load_lesson(folder, "en");
    return loaded ? std::string() : loaded.error().message;
}

bool library_says(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

std::string program_error(const std::string& program, const fs::path& folder) {
    LessonRun run;
    run.program = program;
    run.line = 7;
    const auto prepared = prepare_lesson_program(run, folder, "lesson.en.md");
    return prepared ? std::string() : prepared.error().message;
}

}  // namespace

TEST_CASE("lessons are listed in the order of the course, and those that are none are left out") {
    const ScratchFolder folder;
    for (const char* name : {"10-ten", "02-two", "own", "empty", "3", "-4-x"}) {
        fs::create_directory(folder / name);
        if (std::string_view(name) != "empty") {
            put(folder / name / "lesson.ko.md", "# T\n## S\n");
        }
    }
    put(folder / "README.md", "no lesson");
    std::string told;
    for (const LessonEntry& entry : list_lessons(folder.path())) {
        told += std::to_string(entry.number) + entry.name + " ";
    }
    CHECK(told == "0-4-x 03 0own 2two 10ten ");
}

TEST_CASE("a lesson is read in the language that is wanted, with the blocks of the other") {
    const ScratchFolder folder;
    put(folder / "lesson.en.md", "# T\n## S\n```run\nprogram: child\n```\n");
    CHECK(load_lesson(folder.path(), "ko")->lesson.title == "T");
    put(folder / "lesson.ko.md", "# 제목\n## 단계\n");
    const auto korean = load_lesson(folder.path(), "ko");
    REQUIRE(korean);
    CHECK(korean->lesson.title == "제목");
    CHECK(korean->lesson.steps[0].run->program == "child");
    CHECK(korean->languages == std::vector<std::string>{"en", "ko"});
    CHECK(lesson_written(folder.path()));
}

TEST_CASE("a lesson file that is a link, a pipe, a folder or 100 MB is told and not read") {
    const ScratchFolder folder;
    CHECK(library_says(load_error(folder.path()), "neither lesson.en.md nor lesson.ko.md"));
    fs::create_symlink("/etc/passwd", folder / "lesson.en.md");
    CHECK(load_error(folder.path()) == "lesson.en.md is a symbolic link, which a lesson may not have");
    fs::remove(folder / "lesson.en.md");
    REQUIRE(::mkfifo((folder / "lesson.en.md").c_str(), 0600) == 0);
    CHECK(load_error(folder.path()) == "lesson.en.md is not a file");
    fs::remove(folder / "lesson.en.md");
    put(folder / "lesson.en.md", "# T\n## S\n");
    fs::resize_file(folder / "lesson.en.md", 100'000'000);
    CHECK(load_error(folder.path()) == "lesson.en.md is larger than 512 KiB");
}

TEST_CASE("a program beside a lesson is a regular file of its folder, and one that does not compile is told with its line") {
    const ScratchFolder folder;
    CHECK(library_says(program_error("no_such_thing", folder.path()), "lesson.en.md:7: there is no program \"no_such_thing\""));
    fs::create_symlink("/etc/passwd", folder / "link.c");
    CHECK(program_error("link.c", folder.path()) == "lesson.en.md:7: link.c is a symbolic link, which a lesson may not have");
    CHECK_FALSE(read_in_folder(folder.path(), "../x", 10));
    CHECK_FALSE(read_in_folder(folder.path(), "..", 10));
    put(folder / "wrong.c", "int main(void) { return nothing; }\n");
    CHECK(library_says(program_error("wrong.c", folder.path()), "lesson.en.md:7: wrong.c does not compile:"));
    CHECK(library_says(program_error("wrong.c", folder.path()), "nothing"));
    put(folder / "good.c", "int main(void) { return 0; }\n");
    LessonRun run;
    run.program = "good.c";
    run.arguments = "one 'two three'";
    run.grain = LessonGrain::lines;
    const auto prepared = prepare_lesson_program(run, folder.path(), "lesson.en.md");
    REQUIRE_MESSAGE(prepared, prepared.error().message);
    REQUIRE(prepared->launch.arguments.size() == 3);
    CHECK(fs::is_regular_file(prepared->launch.arguments[0]));
    CHECK(prepared->launch.arguments[2] == "two three");
    CHECK(prepared->launch.grain == Grain::lines);
}

TEST_CASE("a program of a lesson that does not end is ended, and one that cannot be started is told") {
    const ScratchFolder folder;
    LessonProgram endless;
    endless.launch = launch_of({"sleep", "600"});
    const auto begun = std::chrono::steady_clock::now();
    const auto late = record_program(std::move(endless), "", folder / "late", std::chrono::seconds(1));
    REQUIRE_FALSE(late);
    CHECK(late.error().message == "the program did not end within 1 seconds");
    CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(30));

    LessonProgram nothing;
    nothing.launch = launch_of({"/no/such/program"});
    const auto missing = record_program(std::move(nothing), "", folder / "missing", std::chrono::seconds(20));
    REQUIRE_FALSE(missing);
    CHECK(library_says(missing.error().message, "the program cannot be started: "));
    CAPTURE(missing.error().message);
    CHECK(missing.error().message.size() > 40);  // and why
}
