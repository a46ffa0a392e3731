// What the stage says besides what lies in memory: what neighbours share, what is not shown, and why.
#include <doctest/doctest.h>

#include <algorithm>
#include <memory>

#include "core/layout/stage/layout_stage.h"
#include "core/layout/stage/stage_bridge.h"
#include "core/layout/stage/stage_bridge_scene.h"
#include "core/layout/stage/stage_frames.h"
#include "core/layout/stage/stage_left_out.h"
#include "core/layout/stage/stage_reasons.h"
#include "core/model/inside.h"
#include "layout_support.h"
#include "stage_columns.h"

using namespace procatlas;

namespace {

// 10 forks 11, which executes another program. With or without readings of their pages.
Recording run_with_exec(bool pages, bool exec) {
    const auto read = [](std::int32_t pid, PageState state) {
        Pages run;
        run.runs = {{0x555501000000, 4, state, false}};
        return PagesRead{{pid, static_cast<std::uint64_t>(pid)}, std::make_shared<const Pages>(std::move(run))};
    };
    Recording recording;
    std::vector<ObservedEvent> events{event_of(10, StartEvent{9, {"sh"}, "/"}), event_of(10, fork_of(10, 11))};
    events[1].pages = {read(10, PageState::shared), read(11, PageState::shared)};
    if (exec) {
        events.push_back(event_of(11, ExecEvent{}));
        events.back().pages = {read(11, PageState::exclusive)};
    }
    for (ObservedEvent& event : events) {
        if (!pages) {
            event.pages.clear();
        }
        recording.append(event);
    }
    return recording;
}

}  // namespace

TEST_CASE("pages that two neighbours have apart, though none was copied since they parted, break the bridge and are counted") {
    StageBridge bridge;
    bridge.shared = 3;
    bridge.apart = 2;
    for (const char* language : {"en", "ko"}) {
        const StartedProcess run(language);
        Scene wide;
        add_stage_bridge(bridge, Role::stack, {0, 0, 124, 200}, {"C2", "C3"}, wide, run.context());
        CHECK(says(wide, "C2"));
        CHECK(says(wide, "C3"));
        CHECK(says(wide, run.words.format("compare.pages", 3)));
        const bool english = std::string_view(language) == "en";
        CHECK((!english || std::ranges::count(wide.labels, "2 own", &SceneLabel::text) == 2));
        Scene narrow;  // between three columns there is room for the number only
        add_stage_bridge(bridge, Role::stack, {0, 0, 64, 200}, {"C2", "C3"}, narrow, run.context());
        CHECK(std::ranges::count(narrow.labels, "2", &SceneLabel::text) == 2);
        CHECK(narrow.labels.size() == 5);  // two names, two numbers, "shared": no piece of a word
    }
}

TEST_CASE("that nothing was copied is said where it is known, and that it is not known where pages were not read") {
    for (const char* language : {"en", "ko"}) {
        const StartedProcess run(language);
        const auto told = [&](const StageBridge& bridge, std::string_view key) {
            Scene scene;
            add_stage_bridge(bridge, Role::stack, {0, 0, 124, 120}, {"P", "C1"}, scene, run.context());
            std::string said;
            for (const SceneLabel& label : scene.labels) {
                said += label.text + " ";
            }
            return said.find(run.words.text(key)) != std::string::npos;
        };
        StageBridge bridge;
        bridge.shared = 3;
        CHECK(told(bridge, "stage.none_copied"));
        StageBridge copied = bridge;
        copied.copied = 1;
        CHECK_FALSE(told(copied, "stage.none_copied"));
        StageBridge of_library = bridge;
        of_library.hides_copies = true;
        CHECK_FALSE(told(of_library, "stage.none_copied"));
        StageBridge unread = bridge;
        unread.unread = 1;
        CHECK_FALSE(told(unread, "stage.none_copied"));
        CHECK(told(unread, "stage.not_all_read"));
    }
}

TEST_CASE("what is said of a bridge is what was read of the pages: after a fork none is copied, after a write one is") {
    const auto read = [](std::int32_t pid, std::vector<PageRun> runs) {
        Pages pages;
        pages.runs = std::move(runs);
        return PagesRead{{pid, static_cast<std::uint64_t>(pid)}, std::make_shared<const Pages>(std::move(pages))};
    };
    constexpr Address heap = 0x555501000000;
    constexpr ByteCount page = 0x1000;
    const Messages words = words_of("en");
    const FixedMeasure measure;
    Recording recording;
    recording.append(event_of(10, StartEvent{9, {"sh"}, "/"}));
    ObservedEvent fork = event_of(10, fork_of(10, 11));
    fork.pages = {read(10, {{heap, 4, PageState::shared, false}}), read(11, {{heap, 4, PageState::shared, false}})};
    recording.append(fork);
    ObservedEvent half = event_of(10, LineEvent{});
    half.pages = {read(11, {{heap, 2, PageState::shared, false}, {heap + 2 * page, 2, PageState::unread, false}})};
    recording.append(half);
    ObservedEvent write = event_of(11, LineEvent{});
    const std::vector<PageRun> split{{heap, 1, PageState::exclusive, false}, {heap + page, 3, PageState::shared, false}};
    write.pages = {read(10, split), read(11, split)};
    recording.append(write);
    const auto areas = stage_areas(regions_of_a_program(), {}, words);
    const auto area = std::ranges::find(areas, std::string_view("heap"), &StageArea::key);
    REQUIRE(area != areas.end());
    const auto bridge_at = [&](std::size_t moment) {
        const World world = recording.world_at(moment);
        return StageBridges({recording, world, moment, words, measure}, 0, 1).of(*area, *area);
    };
    CHECK(bridge_at(1).none_copied());
    CHECK_FALSE(bridge_at(2).none_copied());
    CHECK(bridge_at(2).unread == 2);
    CHECK_FALSE(bridge_at(3).none_copied());
    CHECK(bridge_at(3).copied == 1);
    recording.append(event_of(11, LineEvent{}));  // nobody looked at pages
    const auto just_copied_at = [&](std::size_t moment) {
        const World world = recording.world_at(moment);
        const auto texts = StageBridges({recording, world, moment, words, measure}, 0, 1).just_copied({"P", "C1"}).texts;
        return texts.empty() ? std::string() : texts.front();
    };
    CHECK(just_copied_at(1) == "no copy just now");
    CHECK(just_copied_at(2).empty());                                    // one of the two was read, and not all of it
    CHECK(just_copied_at(3) == "P and C1 just got pages of their own");  // both ran since the last look
    CHECK(just_copied_at(4).empty());
    ObservedEvent calm = event_of(11, LineEvent{});
    calm.pages = {read(11, split)};
    recording.append(calm);
    CHECK(just_copied_at(5) == "C1: no copy just now");  // of the other it is not known
    CHECK_FALSE(bridge_at(3).stale);
    CHECK(bridge_at(4).stale);  // it has acted since its pages were read

    Recording found;  // as attach begins: nobody had looked before
    found.append(event_of(10, StartEvent{9, {"sh"}, "/"}));
    found.append(event_of(10, fork_of(10, 11)));
    ObservedEvent first = event_of(11, LineEvent{});
    first.pages = {read(10, split), read(11, split)};
    found.append(first);
    found.append(calm);
    recording = std::move(found);
    CHECK(just_copied_at(2).empty());
    CHECK(just_copied_at(3) == "C1: no copy just now");
}

TEST_CASE("between two processes of which one has called exec it says that nothing of the fork is left, if pages were read") {
    const FixedMeasure measure;
    for (const char* language : {"en", "ko"}) {
        const Messages words = words_of(language);
        std::vector<StageColumn> columns{column_with_frames(0, 1, words), column_with_frames(1, 1, words)};
        columns.back().areas.back().parts.front() = {0x556600001000, 0x556600002000};  // another program is at another place
        const auto told = [&](bool pages, bool exec) {
            const Recording recording = run_with_exec(pages, exec);
            const World world = recording.last_world();
            const Scene scene = layout_stage({recording, world, recording.last_moment(), words, measure}, columns,
                                             {.width = 800, .height = 600, .selected = {}});
            return says(scene, "exec");
        };
        CHECK(told(true, true));
        CHECK_FALSE(told(false, true));
        CHECK_FALSE(told(true, false));
        const auto says_unread = [&](bool pages, bool exec) {
            const Recording recording = run_with_exec(pages, exec);
            const World world = recording.last_world();
            const Scene scene = layout_stage({recording, world, recording.last_moment(), words, measure}, columns,
                                             {.width = 800, .height = 600, .selected = {}});
            const std::string_view text = words.text("stage.pages_unread");
            return says(scene, text.substr(0, text.find(' ')));
        };
        CHECK(says_unread(false, false));
        CHECK_FALSE(says_unread(true, false));
        CHECK_FALSE(says_unread(false, true));
    }
}

TEST_CASE("no word of what stands between two columns is broken, however narrow it is there") {
    for (const char* language : {"en", "ko"}) {
        const Messages words = words_of(language);
        for (const float times : {1.0F, 1.5F, 2.0F, 4.0F}) {
            const LargeMeasure measure(times);
            std::vector<StageColumn> columns{column_with_frames(0, 1, words), column_with_frames(1, 1, words),
                                             column_with_frames(2, 1, words)};
            columns[1].areas.back().parts.front() = {0x556600001000, 0x556600002000};
            Recording recording = run_with_exec(true, true);
            recording.append(event_of(10, fork_of(10, 12)));
            const World world = recording.last_world();
            const LayoutContext context{recording, world, recording.last_moment(), words, measure};
            const Scene scene = layout_stage(context, columns, {.width = 800, .height = 600, .selected = {}});
            const std::string sentence = " " + words.format("stage.executed", "C1") + " exec: C1 ";
            for (const SceneLabel& label : scene.labels) {
                const bool between = label.role == Role::muted && label.style == TextStyle::small && label.at.y > 100 &&
                                     sentence.find(label.text.substr(0, label.text.find(' '))) != std::string::npos;
                CAPTURE(label.text);
                CHECK((!between || sentence.find(" " + label.text + " ") != std::string::npos));
            }
        }
    }
}

TEST_CASE("library frames that the innermost own one has called stand between it and SP") {
    for (const char* language : {"en", "ko"}) {
        const StartedProcess run(language);
        const LayoutContext context = run.context();
        StackFrame own;
        own.function = "tell";
        own.file = "heap_grow.c";
        own.own = true;
        ThreadState thread;
        thread.stack_pointer = 0x7ffd00020f40;
        for (const std::size_t libraries : {0U, 1U, 3U}) {
            Stack stack;
            stack.frames.assign(libraries, std::make_shared<const StackFrame>());
            stack.frames.push_back(std::make_shared<const StackFrame>(own));
            stack.frames.push_back(std::make_shared<const StackFrame>());  // __libc_start_main
            thread.stack = std::make_shared<const Stack>(stack);
            const auto cards = stage_frames({.context = context, .process = run.world.processes[0], .shown = &thread}, thread);
            REQUIRE(cards.size() == (libraries == 0 ? 1 : 2));
            CHECK(cards.front().title == "tell()");
            CHECK(cards.back().stack_pointer == thread.stack_pointer);
            CHECK(cards.front().stack_pointer.has_value() == (libraries == 0));
            CHECK((libraries == 0 || cards.back().title.find(std::to_string(libraries)) != std::string::npos));
        }
    }
}

TEST_CASE("a process that was never looked into says why in its stack and its code, and SP and PC where they are as then") {
    const Messages words = words_of("en");
    const FixedMeasure measure;
    Recording recording;
    recording.append(event_of(10, StartEvent{9, {"sh"}, "/"}));
    ObservedEvent stop = event_of(10, LineEvent{});
    stop.program_counter = 0x555500001040;
    stop.stack_pointer = 0x7ffd00020f40;
    recording.append(stop);
    recording.append(event_of(10, SignalEvent{17, 0, std::nullopt}));  // no registers were read at it
    const StageArea code = stage_areas(regions_of_a_program(), {}, words).back();
    for (const std::size_t moment : {1U, 2U}) {
        World world = recording.world_at(moment);
        const LayoutContext context{recording, world, moment, words, measure};
        const StageLook look{.context = context, .process = world.processes[0]};
        const StageCard stack = stage_no_frames(look, world.processes[0].threads.front());
        CHECK(stack.title == words.text("stage.not_read"));
        CHECK(stack.stack_pointer.has_value() == (moment == 1));
        const StageCard line = stage_no_line(look, code);
        CHECK(line.title == words.text("stage.not_read"));
        CHECK(line.rows.size() == (moment == 1 ? 1 : 0));
        CHECK((line.rows.empty() || line.rows.front().value == "0x555500001040"));
        world.processes[0].why_not_inside = no_debug_information;
        CHECK(stage_no_line(look, code).title == words.text("stage.no_debug"));
    }
}

TEST_CASE("where a thread is in library code alone, its code says so") {
    const StartedProcess run("en");
    const LayoutContext context = run.context();
    Stack stack;
    stack.frames.push_back(std::make_shared<const StackFrame>());
    StackFrame start;  // what is left of the program when main has returned
    start.function = "_start";
    start.own = true;
    stack.frames.push_back(std::make_shared<const StackFrame>(start));
    ThreadState thread;
    thread.stack = std::make_shared<const Stack>(stack);
    const StageArea code = stage_areas(regions_of_a_program(), {}, run.words).back();
    const StageLook look{.context = context, .process = run.world.processes[0], .shown = &thread};
    CHECK(stage_no_line(look, code).title == run.words.text("stage.in_library"));
}

TEST_CASE("the stack of a Python program says whose frames lie there, and where SP is, if it was read") {
    for (const char* language : {"en", "ko"}) {
        const StartedProcess run(language);
        const LayoutContext context = run.context();
        StackFrame python;
        python.function = "main";
        python.file = "lesson.py";
        python.own = true;
        python.language = FrameLanguage::python;
        Stack stack;
        stack.frames = {std::make_shared<const StackFrame>(python)};
        ThreadState thread;
        thread.stack = std::make_shared<const Stack>(stack);
        const StageLook look{.context = context, .process = run.world.processes[0], .shown = &thread};
        CHECK(stage_of_interpreter(look, &thread).title == run.words.text("stage.of_interpreter"));
        CHECK_FALSE(stage_of_interpreter(look, &thread).stack_pointer.has_value());
        CHECK_FALSE(stage_of_interpreter(look, nullptr).stack_pointer.has_value());
        thread.stack_pointer = 0x7ffd00020f40;
        CHECK(stage_of_interpreter(look, &thread).stack_pointer == thread.stack_pointer);
        thread.stack.reset();  // it was never looked into, and has gone on since
        CHECK_FALSE(stage_of_interpreter(look, &thread).stack_pointer.has_value());
    }
}

TEST_CASE("of what has no room the stage says how much it is, and of what") {
    for (const char* language : {"en", "ko"}) {
        const StartedProcess run(language);
        const Messages& words = run.words;
        std::vector<StageColumn> columns{column_with_frames(0, 1, words)};
        StageCard globals;  // has no title: its area says it
        globals.rows = {made_up_row("one", "1", Rank::globals), made_up_row("two", "2", Rank::globals)};
        globals.rows_left_out = 3;
        globals.rank = Rank::globals;
        columns.front().cards[3].push_back(globals);
        StageCard blocks;
        blocks.rows_are = StageRows::blocks;
        blocks.rows_left_out = 12;
        columns.front().cards[2].push_back(blocks);
        columns.front().cards.front().front().rows_left_out = 1;
        const Scene roomy = run.stage(columns, 460, 1200);
        CHECK(says(roomy, words.format("stage.left_variables", 3)));
        CHECK(says(roomy, words.format("stage.left_variable", 1)));
        CHECK(says(roomy, words.format("stage.left_blocks", 12)));
        columns.front().cards[3].front().rows_left_out = 0;
        const std::string none(words.format("stage.left_variables", 2));
        bool told = false;
        for (float height = 240; height < 600; height += 5) {  // at some height there is room for neither of the two
            told |= says(run.stage(columns, 460, height), none);
        }
        CHECK(told);
    }
    StageLeftOut left;
    left.frames = 1;
    CHECK(left.text(words_of("en"), true) == "+1 frame below");
    left.rows = {2, 0, 1};
    CHECK(left.text(words_of("en")) == "+1 frame · +2 variables · +1 object");
    CHECK(left.text(words_of("ko")) == "프레임 1개 더 · 변수 2개 더 · 객체 1개 더");
    CHECK(StageLeftOut{}.text(words_of("en")).empty());
}

TEST_CASE("frames that have no room are told of where they lie: in the title of the one above them") {
    const StartedProcess run("en");
    const std::vector<StageColumn> columns{column_with_frames(0, 4, run.words)};
    bool told = false;
    for (float height = 240; height < 700; height += 5) {
        const Scene scene = run.stage(columns, 460, height);
        const auto below = std::ranges::find_if(
            scene.labels, [](const SceneLabel& label) { return label.text.find(" below") != std::string::npos; });
        if (below == scene.labels.end()) {
            continue;
        }
        told = true;
        const auto innermost = std::ranges::find(scene.labels, std::string("f3()"), &SceneLabel::text);
        REQUIRE(innermost != scene.labels.end());
        CHECK(below->at.y + 10 < innermost->at.y);  // not in the row of the innermost, which called none of them
    }
    CHECK(told);
}

TEST_CASE("where a value that is none has no room beside the words that say so, the words stand there alone") {
    const StartedProcess run("en");
    std::vector<StageColumn> columns{column_with_frames(0, 1, run.words)};
    StageRow& row = columns.front().cards.front().front().rows.emplace_back(made_up_row("sum", "32766", Rank::innermost));
    row.no_value_yet = true;
    for (const float height : {300.0F, 420.0F, 900.0F}) {
        for (float width = 120; width < 460; width += 10) {
            CAPTURE(width);
            const Scene scene = run.stage(columns, width, height);
            CHECK((!says(scene, "32766") || says(scene, "no value yet")));
        }
    }
}

TEST_CASE("on a low stage the data still says its first variable, and how many more there are") {
    const StartedProcess run("en");
    std::vector<StageColumn> columns{column_with_frames(0, 1, run.words)};
    StageCard globals;
    globals.rows = {made_up_row("one", "1", Rank::globals), made_up_row("two", "2", Rank::changed)};
    globals.rank = Rank::globals;
    columns.front().cards[3].push_back(globals);
    const Scene low = run.stage(columns, 460, 200);
    CHECK(says(low, "two = 2  +1 variable"));  // the one that changed
    const LayoutContext context = run.context();
    const Scene veiled =
        layout_stage(context, columns, {.width = 460, .height = 200, .selected = {}, .veils = {.values = true}});
    CHECK_FALSE(says(veiled, "two = 2"));
}

TEST_CASE("of several threads, the stack of the one that acts is marked, by a sign too") {
    const StartedProcess run("en");
    std::vector<StageColumn> columns{column_with_frames(0, 1, run.words)};
    const auto marked = [&] {
        const Scene scene = run.stage(columns, 460, 600);
        return std::ranges::count(scene.labels, "▶ stack", &SceneLabel::text);
    };
    CHECK(marked() == 0);
    columns.front().acting_stack = 0;
    CHECK(marked() == 1);
}
