// A lesson as it is walked in the window, with real programs.
#include <doctest/doctest.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "app/control/class_step.h"
#include "app/control/controller.h"
#include "app/control/mode_keys.h"
#include "core/base/text.h"
#include "core/lesson/lesson_places.h"
#include "core/live/start_inspecting_observer.h"
#include "core/model/region.h"
#include "core/store/student_answers.h"
#include "tests/scratch_folder.h"

using namespace procatlas;

namespace {

Messages lesson_words(const char* language) {
    auto read = read_messages(std::string(PROCATLAS_SOURCE_DIR "/assets/locale/") + language + ".json");
    REQUIRE(read);
    return std::move(*read);
}

struct Classroom {
    ScratchFolder folder;
    Messages english = lesson_words("en");
    Messages korean = lesson_words("ko");
    std::unique_ptr<Controller> controller;

    Classroom() {
        ::setenv("XDG_CONFIG_HOME", folder.path().c_str(), 1);
        ::setenv("XDG_STATE_HOME", folder.path().c_str(), 1);
        Settings settings{.language = "en"};
        controller = std::make_unique<Controller>(
            [](LaunchCommand asked) { return start_inspecting_observer(std::move(asked)); }, settings, english, korean);
    }

    void act(Action action) { controller->act({std::move(action)}, {}); }
    const LessonSession& lesson() { return *controller->lesson(); }

    // Until the run of the step has been recorded.
    void wait() {
        using namespace std::chrono_literals;
        const auto deadline = std::chrono::steady_clock::now() + 120s;
        while (lesson().phase() == LessonPhase::running) {
            REQUIRE(std::chrono::steady_clock::now() < deadline);
            std::vector<pollfd> waits;
            for (const int descriptor : controller->run().descriptors()) {
                waits.push_back({descriptor, POLLIN, 0});
            }
            waits.push_back({controller->lesson()->descriptor(), POLLIN, 0});
            ::poll(waits.data(), waits.size(), 100);
            controller->pump();
        }
        CAPTURE(lesson().problem());
        REQUIRE(lesson().phase() != LessonPhase::failed);
    }
};

}  // namespace

TEST_CASE("one action walks from the welcome screen through the course, and leaves no answers behind unsaid") {
    Classroom room;
    room.act(action::NextStep{});
    REQUIRE(room.controller->lesson());
    CHECK(room.lesson().entry().number == 1);
    bool answered = false;
    while (!room.lesson().walk().at_last()) {
        room.act(action::NextStep{});
        room.wait();
        if (!answered && room.lesson().walk().open()) {
            room.act(action::GiveAnswer{{"no such answer"}});
            answered = true;
        }
    }
    REQUIRE(answered);
    room.act(action::NextStep{});
    CHECK(room.lesson().entry().number == 1);
    CHECK(room.controller->view().message.text == room.controller->words().format("message.answers_unsaved", 2));
    room.act(action::NextStep{});
    CHECK(room.lesson().entry().number == 2);
    CHECK(room.controller->view().message.text.empty());
    room.act(action::LastStep{});
    CHECK(room.lesson().entry().number == 2);
}

TEST_CASE("a lesson runs a real program, hides what would give the answer away, and judges by that run") {
    Classroom room;
    room.act(action::StartLesson{"1"});
    REQUIRE(room.controller->lesson());
    std::size_t questions = 0;
    std::size_t steps = 0;
    for (bool last = false; !last; last = room.lesson().walk().at_last()) {
        room.act(action::NextStep{});
        room.wait();
        ++steps;
        const LessonWalk& walk = room.lesson().walk();
        if (!walk.open()) {
            continue;
        }
        ++questions;
        CHECK(walk.question());
        room.act(action::GiveAnswer{{"no such answer"}});
        REQUIRE(walk.answered(walk.step()));
        CHECK(!walk.answered(walk.step())->right);
        CHECK(!walk.answered(walk.step())->expected.empty());
        CHECK(walk.veils().empty());
        room.act(action::GiveAnswer{walk.answered(walk.step())->expected});  // a second answer changes nothing
        CHECK(!walk.answered(walk.step())->right);
    }
    CHECK(questions >= 4);
    CHECK(steps + 1 == room.lesson().walk().lesson().steps.size());
    const std::string file = room.folder.path("handed-in.procatlas");
    room.act(action::LeaveLesson{});
    room.act(action::SaveRecording{file, "Kim"});
    const auto kept = read_answers(file);
    REQUIRE(kept);
    REQUIRE(kept->size() == questions);
    CHECK(kept->front().who == "Kim");
    CHECK(kept->front().lesson == "four-areas");
    CHECK(kept->front().given == "no such answer");
    CHECK(!kept->front().right);
    room.act(action::StartLesson{"1"});
    room.wait();
    room.act(action::SaveRecording{file, "Kim"});
    CHECK(read_answers(file) == std::vector<StudentAnswer>{});  // another walk has its own answers
}

TEST_CASE("what a class answers is judged by the lesson's run and kept with it, and saving names nobody anew") {
    Classroom room;
    LiveRun run([](LaunchCommand asked) { return start_inspecting_observer(std::move(asked)); });
    auto opened = LessonSession::open(find_lesson("four-areas").value(), "en");
    REQUIRE(opened);
    LessonSession& lesson = **opened;
    std::vector<std::string> asked;
    lesson.teach({[&](const std::string& question) {
                      asked.push_back(question);
                      return std::vector<ClassVote>{{1, "Kim", "code", 1}, {2, "", "heap", 2}};
                  },
                  "Student {}"});
    lesson.enter(run);
    const auto deadline = LiveRun::Clock::now() + std::chrono::seconds(120);
    while (lesson.phase() == LessonPhase::running && LiveRun::Clock::now() < deadline) {
        std::vector<pollfd> waits;
        for (const int descriptor : run.descriptors()) {
            waits.push_back({descriptor, POLLIN, 0});
        }
        ::poll(waits.data(), waits.size(), 100);
        run.pump();
        lesson.follow(run);
    }
    REQUIRE(lesson.phase() == LessonPhase::ready);
    ClassStep step({{"en", room.english}, {"ko", room.korean}}, true);
    step.follow(&lesson, run);
    CHECK(step.step()->words[1].language == "ko");
    CHECK(step.step()->words[1].heading != step.step()->words[0].heading);
    CHECK(step.until() == lesson.moment());  // not what the lesson still asks for
    const auto first = step.step();
    step.follow(&lesson, run);
    CHECK(step.step() == first);
    lesson.next();
    lesson.enter(run);
    step.follow(&lesson, run);
    REQUIRE(step.question());
    CHECK(step.question()->open);
    REQUIRE(step.step()->figure);
    CHECK(step.step()->figure->blank.addresses);
    CHECK(step.step()->words[0].said.empty());
    lesson.look();
    step.follow(&lesson, run);
    CHECK(asked == std::vector{step.question()->key});
    CHECK(step.question()->right == std::vector<std::string>{"code"});
    CHECK_FALSE(step.step()->figure->blank.any());
    CHECK(step.step()->words[1].said.contains("0x"));
    REQUIRE(sign_answers(lesson.file(), "Teacher"));
    const auto kept = read_answers(lesson.file());
    REQUIRE(kept);
    REQUIRE(kept->size() == 2);  // who leads has only looked
    CHECK(kept->front().who == "Kim");
    CHECK(kept->front().right);
    CHECK(kept->back().who == "Student 1");
    CHECK_FALSE(kept->back().right);
}

TEST_CASE("a lesson changes its language where it stands, goes back, and leaves its run to be looked at") {
    Classroom room;
    room.act(action::StartLesson{"fork-copies"});
    REQUIRE(room.controller->lesson());
    room.wait();
    room.act(action::NextStep{});
    room.wait();
    const std::string english = room.lesson().walk().now().heading;
    room.act(action::ToggleLanguage{});
    room.controller->pump();
    CHECK(room.lesson().walk().step() == 1);
    CHECK(room.lesson().walk().now().heading != english);
    room.act(action::LastStep{});
    CHECK(room.lesson().walk().step() == 0);
    room.wait();
    room.act(action::Escape{});
    CHECK(!room.controller->lesson());
    CHECK(room.controller->run().started());
    CHECK(room.controller->run().recording().events().size() > 10);
    const std::string copy = room.folder.path("kept.procatlas");
    room.act(action::SaveRecording{copy});
    CHECK(std::filesystem::exists(copy));  // the run is still on disk
}

TEST_CASE("a lesson that is not there is refused in a sentence") {
    Classroom room;
    room.act(action::StartLesson{"no-such-lesson"});
    CHECK(!room.controller->lesson());
    CHECK(!room.controller->view().message.text.empty());
    CHECK(!room.controller->view().message.good);
}

TEST_CASE("in a lesson the digits answer and the arrows walk, but not while somebody types") {
    Classroom room;
    room.act(action::StartLesson{"1"});
    room.wait();
    while (!room.lesson().walk().open() || room.lesson().walk().question()->kind != QuestionKind::choice) {
        room.act(action::NextStep{});
        room.wait();
    }
    const LessonWalk& walk = room.lesson().walk();
    const auto second = lesson_key('2', 0, false, walk);
    REQUIRE(second);
    CHECK(std::get<action::GiveAnswer>(*second).words == AnswerWords{walk.question()->items[1].key});
    CHECK(!lesson_key('2', 0, true, walk));
    CHECK(!lesson_key('9', 0, false, walk));
    CHECK(std::holds_alternative<action::NextStep>(*lesson_key(262, 0, false, walk)));  // GLFW_KEY_RIGHT
    CHECK(std::holds_alternative<action::LastStep>(*lesson_key(263, 0, false, walk)));
}

TEST_CASE("in a lesson Esc leaves the field for an answer and not the lesson, and 0 looks without answering") {
    Classroom room;
    room.act(action::StartLesson{"1"});
    room.wait();
    while (!room.lesson().walk().open()) {
        room.act(action::NextStep{});
        room.wait();
    }
    const LessonWalk& walk = room.lesson().walk();
    const auto leaves = lesson_key(256, 0, true, walk);  // GLFW_KEY_ESCAPE
    REQUIRE(leaves);
    room.act(*leaves);
    CHECK(room.controller->lesson());
    CHECK(!lesson_key(256, 0, false, walk));                                           // the usual: leaves the lesson
    CHECK(std::holds_alternative<action::NextStep>(*lesson_key(267, 0, true, walk)));  // GLFW_KEY_PAGE_DOWN
    CHECK(!lesson_key('0', 0, true, walk));
    constexpr int f2 = 291;  // also while somebody types, where 0 is a digit
    REQUIRE(lesson_key(f2, 0, true, walk));
    CHECK(std::get<action::GiveAnswer>(*lesson_key(f2, 0, true, walk)).words.empty());
    room.act(*lesson_key('0', 0, false, walk));
    REQUIRE(walk.answered(walk.step()));
    CHECK(walk.answered(walk.step())->given.empty());
    CHECK(!walk.answered(walk.step())->expected.empty());
}

TEST_CASE("an order is chosen by digits, item by item, and the last item follows by itself") {
    Lesson lesson;
    lesson.steps.resize(2);
    Question& asked = lesson.steps[0].question.emplace();
    asked.kind = QuestionKind::order;
    for (const char* key : {"a", "b", "c"}) {
        asked.items.emplace_back().key = key;
    }
    LessonWalk walk(lesson);
    const auto press = [&](int key) { walk.choose(std::get<action::ChooseItem>(*lesson_key(key, 0, false, walk)).item); };
    press('3');
    CHECK(!walk.chosen_order());
    press('3');  // is taken out again
    CHECK(walk.chosen().empty());
    CHECK(!lesson_key('4', 0, false, walk));
    press('3');
    press('1');
    CHECK(walk.chosen_order() == AnswerWords{"c", "a", "b"});
    walk.answer({"c", "a", "b"}, {}, 0);
    press('2');  // whoever presses the last one too has said nothing new, and no other key of the window
    CHECK(walk.answered(0)->given == AnswerWords{"c", "a", "b"});
    walk.next();
    walk.back();
    CHECK(walk.chosen().empty());
}

TEST_CASE("who goes back in a lesson sees the run that was judged, and not another one") {
    Classroom room;
    room.act(action::StartLesson{"who-first"});
    const auto pid = [&] { return room.controller->run().recording().last_world().processes.front().key.pid; };
    const auto go = [&](Action action) {
        room.act(std::move(action));
        room.wait();
    };
    room.wait();
    const auto first = pid();
    go(action::NextStep{});
    go(action::NextStep{});
    room.act(action::GiveAnswer{{"parent"}});
    const auto moment = room.lesson().moment();
    go(action::NextStep{});
    const auto second = pid();
    REQUIRE(second != first);  // the step runs the program once more
    const std::string file = room.folder.path("second.procatlas");
    go(action::LastStep{});
    CHECK(pid() == first);
    CHECK(room.lesson().moment() == moment);
    CHECK(room.controller->view().moment == moment);
    go(action::NextStep{});
    CHECK(pid() == second);
    room.act(action::GiveAnswer{{"same"}});
    CHECK(room.lesson().walk().answered(3));
    room.act(action::SaveRecording{file, "Kim"});
    const auto kept = read_answers(file);
    REQUIRE(kept);
    CHECK(kept->size() == 2);
    room.act(action::LeaveLesson{});
    CHECK(pid() == second);
}

TEST_CASE("who leaves a lesson while its next run begins sees that run, and keys that run programs do nothing in a lesson") {
    Classroom room;
    room.act(action::StartLesson{"fork-copies"});
    room.wait();
    const auto first_run = room.controller->run().generation();
    while (!room.lesson().walk().at_last() && room.controller->run().generation() == first_run) {
        room.act(action::NextStep{});
        if (room.lesson().phase() != LessonPhase::running) {
            room.act(action::Restart{});
            room.act(action::Step{});
        }
    }
    REQUIRE(room.controller->run().generation() != first_run);  // the step began the second run, and nothing else did
    room.act(action::Escape{});
    CHECK(!room.controller->lesson());
    CHECK(!room.controller->view().moment);
    CHECK(room.controller->shown().event_count <= room.controller->run().recording().events().size());
}

TEST_CASE("a question for a place is answered by a click: a frame on the stage, a line of the source, a process") {
    Classroom room;
    const auto walk_to = [&](PlaceOf of) {
        room.wait();
        while (!room.lesson().walk().at_last() && room.lesson().asks_place() != of) {
            room.act(action::NextStep{});
            room.wait();
        }
        REQUIRE(room.lesson().asks_place() == of);
    };
    // Clicks what has this name, and returns whether that was right.
    const auto click = [&](PlaceOf of, const std::string& name) {
        const Recording& recording = room.controller->run().recording();
        const World world = room.controller->shown();
        for (const LessonPlace& place : listed_places(recording, world, of)) {
            if (const auto words = place_words(recording, world, place); words && words->front() == name) {
                room.act(action::ClickPlace{place});
            }
        }
        const GivenAnswer* given = room.lesson().walk().answered(room.lesson().walk().step());
        REQUIRE(given);
        CHECK(given->given == AnswerWords{name});  // of which process is not told where it was not asked
        return given->right;
    };
    room.act(action::StartLesson{"push-and-pop"});
    walk_to(PlaceOf::frame);
    room.act(action::ClickPlace{{PlaceOf::process, 0, 0}});  // is not what is asked
    CHECK(room.lesson().walk().open());
    CHECK(click(PlaceOf::frame, "price_of"));
    room.act(action::StartLesson{"one-child"});
    walk_to(PlaceOf::line);
    room.act(action::ClickPlace{{PlaceOf::line, 0, 12}});
    const LessonWalk& walk = room.lesson().walk();
    REQUIRE(walk.answered(walk.step()));
    CHECK(!walk.answered(walk.step())->right);
    walk_to(PlaceOf::process);
    CHECK(click(PlaceOf::process, "C1"));
}

TEST_CASE("a click on an area is its kind, whose number a terminal lists") {
    Classroom room;
    room.act(action::StartLesson{"1"});
    room.wait();
    const Recording& recording = room.controller->run().recording();
    const World world = room.controller->shown();
    std::set<std::string> kinds;
    for (const LessonPlace& place : listed_places(recording, world, PlaceOf::region)) {
        const auto words = place_words(recording, world, place);
        REQUIRE(words);
        CHECK(words->back() == "P");
        CHECK(kinds.insert(words->front()).second);
    }
    CHECK(kinds.contains("stack"));
    CHECK(kinds.contains("code"));
    CHECK(!place_words(recording, world, {PlaceOf::region, 0, 16}));  // nothing is there
    CHECK(!place_words(recording, world, {PlaceOf::region, 99, 16}));
    // What is typed and is not there is no answer.
    const auto known = [&](PlaceOf of, AnswerWords typed) { return known_place(recording, world, of, std::move(typed)); };
    CHECK(known(PlaceOf::region, {"Stack"}) == AnswerWords{"stack"});
    CHECK(known(PlaceOf::region, {"stack", "p"}) == AnswerWords{"stack", "P"});
    CHECK(!known(PlaceOf::region, {"stuck"}));
    CHECK(!known(PlaceOf::region, {"stack", "C7"}));
    CHECK(known(PlaceOf::process, {"p"}) == AnswerWords{"P"});
    CHECK(!known(PlaceOf::process, {"C1"}));
    CHECK(known(PlaceOf::frame, {"main"}));
    CHECK(!known(PlaceOf::frame, {"mein"}));
    CHECK(known(PlaceOf::line, {"3"}));
    CHECK(!known(PlaceOf::line, {"0"}));
    CHECK(!known(PlaceOf::line, {"99999"}));
    CHECK(!known(PlaceOf::line, {"main"}));
    const std::vector<Region> regions = regions_of(world.processes.front(), recording.images());
    const Address code = regions.front().range.start;
    CHECK(known(PlaceOf::page, {hex_address(code + 5)}) == AnswerWords{hex_address(code)});
    CHECK(!known(PlaceOf::page, {"0x10"}));
    CHECK(!known(PlaceOf::page, {"page"}));
    CHECK(no_place_text(recording, world, PlaceOf::process, "C1", room.english) ==
          "There is no process “C1” here. There are: P.");
    Question asks;
    asks.kind = QuestionKind::place;
    CHECK(is_right(asks, {{{"heap"}}}, {"heap", "P"}));
    CHECK(!is_right(asks, {{{"heap", "C1"}}}, {"heap", "P"}));
    CHECK(!is_right(asks, {{{"heap", "C1"}}}, {"heap"}));
}

TEST_CASE("a program beside a lesson is compiled while the window goes on, and a mistake in it is told") {
    Classroom room;
    const std::string folder = room.folder.path("mine");
    std::filesystem::create_directory(folder);
    ::setenv("XDG_CACHE_HOME", room.folder.path("cache").c_str(), 1);
    std::ofstream(folder + "/seven.c") << "#include <stdio.h>\nint main(void) { printf(\"it is %d\\n\", 7); return 0; }\n";
    std::ofstream(folder + "/wrong.c") << "int main(void) { return nothing; }\n";
    std::ofstream(folder + "/lesson.en.md")
        << "# T\n## S\n```run\nprogram: seven.c\n```\n```question\nkind: number\nanswer: SELECT "
           "number_in(text) FROM line\n```\n## W\n```run\nprogram: wrong.c\n```\n";
    room.act(action::StartLesson{folder});
    REQUIRE(room.controller->lesson());
    CHECK(room.lesson().phase() == LessonPhase::running);
    CHECK(!room.controller->run().started());  // it is being compiled
    CHECK(room.lesson().descriptor() >= 0);
    room.wait();
    CHECK(room.controller->run().started());
    room.act(action::GiveAnswer{{"7"}});
    REQUIRE(room.lesson().walk().answered(0));
    CHECK(room.lesson().walk().answered(0)->right);
    room.act(action::NextStep{});
    while (room.lesson().phase() == LessonPhase::running) {
        pollfd wait{room.lesson().descriptor(), POLLIN, 0};
        REQUIRE(::poll(&wait, 1, 60'000) == 1);
        room.controller->pump();
    }
    CHECK(room.lesson().phase() == LessonPhase::failed);
    CHECK(room.lesson().problem().find("wrong.c does not compile:") != std::string::npos);
    CHECK(room.lesson().problem().find("wrong.c:1: ") != std::string::npos);
    ::unsetenv("XDG_CACHE_HOME");
}

TEST_CASE("who goes back to a large run does not wait for it in a draw") {
    using namespace std::chrono_literals;
    Classroom room;
    std::filesystem::create_directories(room.folder / "lesson");
    std::ofstream(room.folder / "lesson/loop.c") << "int main(void) {\n    volatile int sum = 0;\n"
                                                    "    for (int i = 0; i < 1500; i++) {\n        sum += i;\n    }\n"
                                                    "    return 0;\n}\n";
    std::ofstream(room.folder / "lesson/lesson.en.md") << "# Large\n## Many lines\n```run\nprogram: loop.c\ngrain: lines\n```\n"
                                                          "## Few\n```run\nprogram: hello\n```\n";
    room.act(action::StartLesson{room.folder.path("lesson")});
    room.wait();
    const std::size_t many = room.controller->run().recording().events().size();
    REQUIRE(many > 4'000);
    room.act(action::NextStep{});
    room.wait();
    const auto begun = std::chrono::steady_clock::now();
    room.act(action::LastStep{});
    const auto took = std::chrono::steady_clock::now() - begun;
    MESSAGE("going back to " << many << " events took the window " << took / 1us << " us");
    CHECK(room.lesson().walk().step() == 0);
    const bool still_reading = room.lesson().phase() == LessonPhase::running;
    auto longest = took;
    while (room.lesson().phase() == LessonPhase::running) {
        pollfd wait{room.controller->lesson()->descriptor(), POLLIN, 0};
        ::poll(&wait, 1, 10'000);
        const auto taken = std::chrono::steady_clock::now();
        room.controller->pump();
        longest = std::max(longest, std::chrono::steady_clock::now() - taken);
    }
    MESSAGE("the longest part of it: " << longest / 1us << " us; all of it, in the background or not (" << still_reading
                                       << "): " << (std::chrono::steady_clock::now() - begun) / 1us << " us");
    CHECK(longest < 500ms);  // on a machine that does other things too
    CHECK(room.controller->run().recording().events().size() == many);
}
