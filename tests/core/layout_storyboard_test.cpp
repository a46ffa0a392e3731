// A storyboard: the story of a recording in several moments, and what an exec keeps.
#include <doctest/doctest.h>

#include <algorithm>

#include "core/export/picture/figure.h"
#include "core/layout/storyboard/layout_story.h"
#include "core/layout/storyboard/layout_storyboard.h"
#include "core/layout/storyboard/storyboard.h"
#include "core/layout/tree/pipe_links.h"
#include "core/narrate/exec_facts.h"
#include "core/narrate/explain.h"
#include "figure_support.h"

using namespace procatlas;

namespace {

std::shared_ptr<const Descriptors> open_files(Descriptors descriptors) {
    return std::make_shared<const Descriptors>(std::move(descriptors));
}

OpenDescriptor pipe_end(std::int32_t number, bool writes) {
    return {number, "pipe:[77]", !writes, writes, false};
}

}  // namespace

TEST_CASE("the story follows the first child that execs: before and after its fork, and its exec") {
    const Recording recording = family_recording();
    const auto story = default_story(recording);
    REQUIRE(story.size() == 3);  // the recording ends before 2419 does
    CHECK(story[0].part == StoryPart::before_fork);
    CHECK(story[0].moment == 2);
    CHECK(story[0].processes == std::vector<std::size_t>{0});
    CHECK(story[1].part == StoryPart::after_fork);
    CHECK(story[1].moment == 3);
    CHECK(story[1].processes == std::vector<std::size_t>{0, 2});
    CHECK(story[2].part == StoryPart::after_exec);
    CHECK(story[2].moment == 8);
    CHECK(story[2].processes == std::vector<std::size_t>{2});
}

TEST_CASE("the story below each other names its processes as the stage does, and says who did what at each moment") {
    const Recording recording = family_recording();
    const auto story = default_story(recording);
    const Messages words = words_of("en");
    const FixedMeasure measure;
    const StoryboardScene board = layout_story(recording, story, {.width = 700, .height = 420}, words, measure);
    REQUIRE(board.steps.size() == story.size());
    for (std::size_t i = 0; i < story.size(); ++i) {
        CHECK(board.steps[i].moment == story[i].moment);
        CHECK(board.steps[i].box.height >= 300);
        CHECK((i == 0 || board.steps[i].box.y >= board.steps[i - 1].box.bottom()));
        CHECK(says(board.scene, std::to_string(i + 1) + ".  " + std::string(words.text(story_part_key(story[i].part)))));
    }
    CHECK(says(board.scene, "P"));
    CHECK(says(board.scene, "C2"));
    for (const SceneLabel& label : board.scene.labels) {
        CHECK(label.at.x + measure.width(label.text, label.style) <= 701);
    }
}

TEST_CASE("the step of a moment is the last that began by then, and is marked in its margin and its heading") {
    const Recording recording = family_recording();
    const Messages words = words_of("en");
    const FixedMeasure measure;
    const StoryView view{.width = 700, .height = 420, .margin = 14};
    const StoryboardScene board = layout_story(recording, default_story(recording), view, words, measure);
    REQUIRE(board.steps.size() == 3);  // at 2, 3 and 8
    CHECK(story_step_at({}, 0) == std::nullopt);
    CHECK(story_step_at(board, 0) == 0);
    CHECK(story_step_at(board, 2) == 0);
    CHECK(story_step_at(board, 3) == 1);
    CHECK(story_step_at(board, 7) == 1);
    CHECK(story_step_at(board, 8) == 2);
    CHECK(story_step_at(board, 900) == 2);
    CHECK_FALSE(says(board.scene, words.text("story.here")));
    for (std::size_t step = 0; step < board.steps.size(); ++step) {
        StoryboardScene marked = board;
        mark_story_step(marked, step, words, measure);
        const SceneLabel& here = marked.scene.labels.back();
        CHECK(here.text == words.text("story.here"));
        CHECK(board.steps[step].box.contains(here.at));
        const float end = here.at.x + measure.width(here.text, here.style);
        for (const SceneLabel& label : board.scene.labels) {  // its words cover no others
            const bool beside = label.at.y + measure.line_height(label.style) <= here.at.y || label.at.y >= here.at.y + 15 ||
                                label.at.x >= end || label.at.x + measure.width(label.text, label.style) <= here.at.x;
            CHECK(beside);
        }
        for (std::size_t i = 0; i < board.scene.boxes.size(); ++i) {
            CHECK(marked.scene.boxes[i].box.x >= view.margin);  // nothing but the mark is in the margin
        }
    }
}

TEST_CASE("chosen moments keep their order, and show the processes involved or the chosen ones") {
    const Recording recording = family_recording();
    const auto story = chosen_story(recording, std::vector<std::size_t>{7, 2}, {});
    REQUIRE(story.size() == 2);
    CHECK(story[0].moment == 7);
    CHECK(story[0].processes == std::vector<std::size_t>{3});
    const auto later = chosen_story(recording, std::vector<std::size_t>{9}, {});
    CHECK(later[0].processes == std::vector<std::size_t>{2, 3});  // the process that prints, and the zombie
    const Messages words = words_of("ko");
    const Scene scene = layout_storyboard(recording, later, {}, words, FixedMeasure()).scene;
    CHECK(says(scene, "1.  시점 9"));
    CHECK(std::ranges::count_if(scene.labels, [](const SceneLabel& l) { return l.text.find("시점 9") != std::string::npos; }) ==
          1);
    CHECK(says(scene, "2420 · " + std::string(words.text("state.zombie"))));
    CHECK(story[1].processes == std::vector<std::size_t>{0, 1});  // the forker and the newborn
    const auto asked = chosen_story(recording, std::vector<std::size_t>{2}, std::vector<std::size_t>{1, 3});
    CHECK(asked[0].processes == std::vector<std::size_t>{1});  // the other is not born yet
}

TEST_CASE("an event without a process shows the first process and the youngest others, not an empty picture") {
    Recording recording = family_recording();
    recording.append(event_of(0, NoteEvent{NoteCode::all_ended, {}, 0}));
    const auto story = chosen_story(recording, std::vector<std::size_t>{recording.last_moment()}, {});
    REQUIRE(story.size() == 1);
    CHECK(story[0].processes == std::vector<std::size_t>{0, 2, 3});
    const Scene scene = layout_storyboard(recording, story, {}, words_of("en"), FixedMeasure()).scene;
    CHECK(says(scene, "2417"));
    CHECK(says(scene, "2420"));
}

TEST_CASE("without fork and exec there is no story, and an exec alone is the story") {
    CHECK(default_story(Recording()).empty());
    Script script;
    script.add(10, StartEvent{1, {"true"}, "/"});
    CHECK(default_story(script.recording).empty());
    script.add(10, ExecEvent{.path = "/bin/true", .arguments = {"true"}}, space_of(family_maps));
    script.add(10, ExitEvent{.code = 0, .signal = {}}, space_of(family_maps));
    const auto story = default_story(script.recording);
    REQUIRE(story.size() == 2);
    CHECK(story[0].part == StoryPart::after_exec);
    CHECK(story[1].part == StoryPart::at_exit);

    script.recording = {};
    script.add(10, StartEvent{1, {"a"}, "/"});
    script.add(10, ExecEvent{.path = "/bin/a", .arguments = {"a"}}, space_of(family_maps));
    script.add(10, printed("now another one\r\n"));
    script.add(10, ExecEvent{.path = "/bin/b", .arguments = {"b"}}, space_of(python_maps));
    const auto another = default_story(script.recording);
    REQUIRE(another.size() == 2);
    CHECK(another[0].part == StoryPart::before_exec);
    CHECK(another[0].moment == 2);
    CHECK(another[1].moment == 3);
}

TEST_CASE("the story follows no helper of multiprocessing, though only that one executes a program") {
    Script script;
    script.add(10, StartEvent{1, {"python3", "mine.py"}, "/"});
    script.add(10, ExecEvent{.path = "/usr/bin/python3", .arguments = {"python3", "mine.py"}}, space_of(family_maps));
    ForkEvent fork;
    fork.child = {11, 11};
    script.add(10, fork, space_of(family_maps));
    script.add(11,
               ExecEvent{.path = "/usr/bin/python3",
                         .arguments = {"python3", "-c", "from multiprocessing.resource_tracker import main;main(5)"}},
               space_of(family_maps));
    fork.child = {12, 12};
    script.add(10, fork, space_of(family_maps));
    const auto story = default_story(script.recording);
    REQUIRE(story.size() >= 2);
    CHECK(story[1].processes == std::vector<std::size_t>{0, 2});
}

namespace {

// A child that writes into memory without a file: one page at once after the fork, as the C library does, eight later.
Recording copying_recording() {
    constexpr ByteCount page = 4096;
    constexpr Address start = 0x7f2b60000000;
    std::string maps(family_maps);
    maps.insert(maps.find("7f2b61400000"), "7f2b60000000-7f2b60010000 rw-p 00000000 00:00 0\n");
    const auto memory = space_of(maps);
    const auto pages_of = [](std::uint64_t own) {
        std::vector<PageRun> runs;
        if (own > 0) {
            runs.push_back({start, own, PageState::exclusive, false});
        }
        runs.push_back({start + own * page, 16 - own, PageState::shared, false});
        return std::make_shared<const Pages>(Pages{page, std::move(runs), {}, {}});
    };
    Recording recording;
    const auto add = [&](std::int32_t pid, EventDetail detail, std::uint64_t own, bool both) {
        ObservedEvent event = event_of(pid, std::move(detail));
        event.memory = memory;
        for (const std::int32_t whose : {10, 11}) {
            if (both) {
                event.pages.push_back({event_of(whose, StartEvent{}).process, pages_of(own)});
            }
        }
        recording.append(std::move(event));
    };
    add(10, StartEvent{9, {"cow"}, "/"}, 0, false);
    ForkEvent fork;
    fork.child = event_of(11, StartEvent{}).process;
    ObservedEvent born = event_of(10, fork);
    born.memory = born.child_memory = memory;
    for (const std::int32_t whose : {10, 11}) {
        born.pages.push_back({event_of(whose, StartEvent{}).process, pages_of(0)});
    }
    recording.append(std::move(born));
    add(11, printed("begun"), 1, true);
    add(11, printed("written"), 9, true);
    add(11, ExitEvent{.code = 0, .signal = {}}, 9, false);
    return recording;
}

}  // namespace

TEST_CASE("the story tells that the child writes where what it writes lies in memory without a file") {
    const auto story = default_story(copying_recording());
    const auto writes = std::ranges::find(story, StoryPart::child_writes, &StoryStep::part);
    REQUIRE(writes != story.end());
    CHECK(writes->moment == 3);  // not the C library's page, right after the fork
    CHECK(writes->processes == std::vector<std::size_t>{0, 1});
}

TEST_CASE("a storyboard has a column for each process of each step, and its words do not overlap") {
    const Recording recording = family_recording();
    const FixedMeasure measure;
    for (const char* language : {"en", "ko"}) {
        const Messages words = words_of(language);
        const Scene scene = layout_storyboard(recording, default_story(recording), {}, words, measure).scene;
        CHECK(says(scene, words.text("story.before_fork")));
        CHECK(says(scene, words.text("story.after_exec")));
        CHECK(says(scene, words.text("exec.stays")));
        CHECK(says(scene, "2417"));
        CHECK(std::ranges::count_if(scene.labels, [](const SceneLabel& label) { return label.text == "2419"; }) == 2);
        for (const SceneLabel& a : scene.labels) {
            CHECK(a.at.x + measure.width(a.text, a.style) <= scene.width + 1);
            for (const SceneLabel& b : scene.labels) {
                const bool same_line = a.at.y < b.at.y + 15 && b.at.y < a.at.y + 15;
                const bool heading = a.style == TextStyle::title && b.style == TextStyle::title;
                if (&a != &b && heading && same_line && a.at.x < b.at.x) {
                    CHECK(a.at.x + measure.width(a.text, a.style) <= b.at.x);
                }
            }
        }
    }
}

TEST_CASE("if no exec succeeds, the story includes the last failed attempt of a search along PATH") {
    Script script;
    script.add(10, StartEvent{1, {"a"}, "/"});
    script.add(10, ExecEvent{.path = "/bin/a", .arguments = {"a"}}, space_of(family_maps));
    script.add(10, ExecFailedEvent{"/usr/bin/b", 2});
    script.add(10, ExecFailedEvent{"/bin/b", 2});
    script.add(10, ExitEvent{.code = 127, .signal = {}});
    const auto alone = default_story(script.recording);
    REQUIRE(alone.size() == 3);
    CHECK(alone[1].part == StoryPart::failed_exec);
    CHECK(alone[1].moment == 3);

    Script family;
    family.add(10, StartEvent{1, {"a"}, "/"});
    family.add(10, ExecEvent{.path = "/bin/a", .arguments = {"a"}}, space_of(family_maps));
    family.add(10, fork_of(10, 11));
    family.add(10, fork_of(10, 12));
    family.add(12, ExecFailedEvent{"/no/such", 2});
    const auto tried = default_story(family.recording);
    REQUIRE(tried.size() == 3);
    CHECK(tried[1].moment == 3);  // not the first fork, because its child does not try to exec
    CHECK(tried[2].part == StoryPart::failed_exec);
    const Messages words = words_of("ko");
    const Scene scene = layout_storyboard(family.recording, tried, {}, words, FixedMeasure()).scene;
    CHECK(says(scene, words.text("story.failed_exec")));
    CHECK(says(scene, words.text("exec.nothing_changed")));

    family.add(12, ExecEvent{.path = "/bin/b", .arguments = {"b"}}, space_of(python_maps));
    const auto found = default_story(family.recording);
    REQUIRE(found.size() == 3);
    CHECK(found[2].part == StoryPart::after_exec);
}

TEST_CASE("before a fork, a process is called alone only if no other is alive") {
    const Messages words = words_of("en");
    Script script;
    script.add(10, StartEvent{1, {"sh"}, "/"});
    script.add(10, ExecEvent{.path = "/bin/sh", .arguments = {"sh"}}, space_of(family_maps));
    const auto told = [&] {
        const Scene scene =
            layout_storyboard(script.recording, default_story(script.recording), {}, words, FixedMeasure()).scene;
        std::string text;  // a sentence may take several lines
        for (const SceneLabel& label : scene.labels) {
            text += label.text + ' ';
        }
        return text;
    };
    script.add(10, fork_of(10, 11));
    CHECK(told().find(words.format("story.alone", 10)) != std::string::npos);
    for (std::int32_t child = 12; child <= 17; ++child) {
        script.add(10, fork_of(10, child));
    }
    script.add(11, ExitEvent{.code = 0, .signal = {}});
    script.add(10, fork_of(10, 18));
    script.add(18, ExecEvent{.path = "/bin/a", .arguments = {"a"}}, space_of(python_maps));
    CHECK(told().find("alone") == std::string::npos);
    CHECK(told().find("Also alive: 12, 13, 14, 15 and 2 more") != std::string::npos);  // 11 has ended
}

TEST_CASE("memory shared by a vfork parent and child is one column, under a heading that says vfork") {
    Script script;
    script.add(10, StartEvent{1, {"a"}, "/"});
    script.add(10, ExecEvent{.path = "/bin/a", .arguments = {"a"}}, space_of(family_maps));
    ForkEvent vfork = fork_of(10, 11);
    vfork.kind = ForkKind::vfork;
    script.add_fork(10, vfork, space_of(family_maps));
    script.add(11, ExecEvent{.path = "/bin/b", .arguments = {"b"}}, space_of(python_maps));
    const auto story = default_story(script.recording);
    REQUIRE(story.size() == 3);
    CHECK(story[0].part == StoryPart::before_vfork);
    CHECK(story[1].part == StoryPart::after_vfork);
    const Messages words = words_of("en");
    const Scene scene = layout_storyboard(script.recording, story, {}, words, FixedMeasure()).scene;
    CHECK(says(scene, words.text("story.after_vfork")));
    CHECK_FALSE(says(scene, words.text("story.after_fork")));
    const auto columns_of = [&](std::string_view title) {
        return std::ranges::count_if(scene.labels, [&](const SceneLabel& label) { return label.text == title; });
    };
    CHECK(columns_of("10") == 1);
    CHECK(columns_of("10 + 11") == 1);
    CHECK(columns_of("11") == 1);                       // with a memory of its own since its exec …
    CHECK(says(scene, words.text("change.replaced")));  // … which is not the one that it shared
}

TEST_CASE("storyboard columns are wide enough for the size of each block, even beside a change") {
    Recording recording = family_recording();
    FigureOptions options;
    options.view = FigureView::storyboard;
    options.moments = {8, 9};
    ObservedEvent grown = event_of(2419, SignalEvent{17, 0, std::nullopt});
    std::string maps(python_maps);
    maps.replace(maps.find("0001c5d000-0001d10000"), 21, "0001c5d000-0001d30000");
    maps.replace(maps.find("0000a25000-0000b40000 rw-p"), 26, "0000a25000-0000b40000 r--p");
    grown.memory = space_of(maps);
    recording.append(grown);
    options.moment = recording.last_moment();
    options.moments.push_back(options.moment);
    for (const char* language : {"en", "ko"}) {
        CAPTURE(language);
        const auto figure = compose_figure(recording, options, words_of(language), FixedMeasure());
        REQUIRE(figure);
        const Scene* scene = &figure->scene;
        std::size_t blocks = 0;
        std::size_t sizes = 0;
        for (const SceneBox& box : scene->boxes) {
            const bool block = box.hit.kind == HitKind::region || box.hit.kind == HitKind::fold;
            blocks += block ? 1 : 0;
            sizes += block && std::ranges::any_of(scene->labels,
                                                  [&](const SceneLabel& label) {
                                                      return label.text.ends_with("B") && box.box.contains(label.at);
                                                  })
                         ? 1
                         : 0;
        }
        CHECK(blocks > 10);
        CHECK(sizes == blocks);
    }
}

TEST_CASE("an exec's facts say what it kept, closed and replaced, or why it failed and that nothing changed") {
    const Messages words = words_of("en");
    Recording recording;
    recording.append(event_of(10, StartEvent{1, {"sh"}, "/"}));
    ObservedEvent exec =
        event_of(10, ExecEvent{.path = "/bin/sh", .arguments = {"sh"}, .mappings_before = 5, .mappings_after = 7});
    exec.descriptors =
        open_files({{{0, "/dev/null", true, false, false}}, {{3, "/etc/pass\nwd", true, false, true}}, "/tmp", false});
    exec.time_ns = 1;
    recording.append(exec);  // of procatlas's launcher, whose files and mappings are not the program's
    const auto launch = exec_facts({recording, recording.world_at(1), 1, words});
    REQUIRE(launch.size() == 2);
    CHECK(launch[0].text.find("0 /dev/null") != std::string::npos);
    CHECK(launch[1].text == "procatlas's launcher → sh: code, data, heap and stack");
    CHECK(explain_event(kept(exec), nullptr, recording.last_world(), {}, words).find("procatlas's launcher") !=
          std::string::npos);
    CHECK(explain_event(kept(exec), nullptr, recording.last_world(), {}, words).find("mappings") == std::string::npos);

    exec.time_ns = 2;
    recording.append(exec);
    recording.append(event_of(10, ExecFailedEvent{"/no/such", 2}));

    const auto facts = exec_facts({recording, recording.world_at(2), 2, words});
    REQUIRE(facts.size() == 3);
    CHECK(facts[0].text.find("PID 10, PPID 1") != std::string::npos);
    CHECK(facts[0].text.find("/tmp") != std::string::npos);
    CHECK(facts[0].text.find("0 /dev/null") != std::string::npos);
    CHECK(facts[1].text.find("3 /etc/pass") != std::string::npos);
    CHECK(facts[1].text.find('\n') == std::string::npos);  // a file's name is not ours
    CHECK(facts[2].text.find("5 mappings gone, 7 new") != std::string::npos);
    CHECK(explain_event(kept(exec), nullptr, recording.last_world(), {}, words).find("5 mappings gone, 7 new") !=
          std::string::npos);
    const auto failed = exec_facts({recording, recording.world_at(3), 3, words});
    REQUIRE(failed.size() == 2);
    CHECK(failed[0].text.find("ENOENT") != std::string::npos);
    CHECK(failed[1].heading == words.text("exec.nothing_changed"));
    CHECK(exec_facts({recording, recording.world_at(0), 0, words}).empty());
}

TEST_CASE("a pipe connects its writers and readers, not the process that made it for them and not dead ones") {
    Recording recording;
    recording.append(event_of(10, StartEvent{1, {"sh"}, "/"}));
    for (const std::int32_t child : {11, 12}) {
        ObservedEvent fork = event_of(10, fork_of(10, child));
        fork.descriptors = open_files({{pipe_end(3, false), pipe_end(4, true)}, {}, "/", false});
        recording.append(fork);
    }
    // All three have both ends now. That is true, though of little use.
    CHECK(pipe_links(recording.last_world()).size() == 3);
    CHECK(pipe_links(recording.last_world()).front().both_ways);

    ObservedEvent writer = event_of(11, ExecEvent{.path = "/bin/a", .arguments = {"a"}});
    writer.descriptors = open_files({{pipe_end(1, true)}, {}, "/", false});
    recording.append(writer);
    ObservedEvent reader = event_of(12, ExecEvent{.path = "/bin/b", .arguments = {"b"}});
    reader.descriptors = open_files({{pipe_end(0, false)}, {}, "/", false});
    recording.append(reader);
    const auto links = pipe_links(recording.last_world());
    REQUIRE(links.size() == 1);
    CHECK(links[0].writer == 1);
    CHECK(links[0].reader == 2);
    CHECK_FALSE(links[0].both_ways);

    // As far as procatlas saw, the shell still has the reading end, which it made for its child.
    ObservedEvent shell = event_of(10, SignalEvent{17, 0, std::nullopt});
    shell.descriptors = open_files({{pipe_end(3, false)}, {}, "/", false});
    recording.append(shell);
    CHECK(pipe_links(recording.last_world()).size() == 1);

    recording.append(event_of(12, ExitEvent{.code = 0, .signal = {}}));
    CHECK(std::ranges::none_of(pipe_links(recording.last_world()), [](const PipeLink& link) { return link.reader == 2; }));
}
