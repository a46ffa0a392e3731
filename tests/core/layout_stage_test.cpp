#include "core/layout/stage/layout_stage.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <memory>
#include <set>

#include "core/layout/stage/stage_areas.h"
#include "core/layout/stage/stage_bridge.h"
#include "core/layout/stage/stage_bridge_scene.h"
#include "core/layout/stage/stage_frames.h"
#include "core/layout/stage/stage_heights.h"
#include "core/layout/stage/stage_rows.h"
#include "core/narrate/code_text.h"
#include "core/narrate/family_names.h"
#include "core/scene/palette.h"
#include "layout_support.h"
#include "stage_columns.h"

using namespace procatlas;

namespace {

std::vector<std::string_view> keys_of(const std::vector<StageArea>& areas) {
    std::vector<std::string_view> keys;
    for (const StageArea& area : areas) {
        keys.push_back(std::string_view(area.key).substr(0, area.key.find(' ')));
    }
    return keys;
}

}  // namespace

TEST_CASE("each process has a name that tells whose child it is, and keeps it") {
    World world;
    apply(world, kept(event_of(10, StartEvent{9, {"sh"}, "/"})));
    apply(world, kept(event_of(10, fork_of(10, 11))));
    apply(world, kept(event_of(11, fork_of(11, 12))));
    apply(world, kept(event_of(10, fork_of(10, 13))));
    apply(world, kept(event_of(11, fork_of(11, 14))));
    CHECK(family_names(world) == std::vector<std::string>{"P", "C1", "C1.1", "C2", "C1.2"});
    for (std::size_t i = 0; i < world.processes.size(); ++i) {
        CHECK(family_name(world, i) == family_names(world)[i]);
    }
    for (std::int32_t pid = 14; pid < 300; ++pid) {  // a long line of descendants keeps short names
        apply(world, kept(event_of(pid, fork_of(pid, pid + 1))));
    }
    const auto names = family_names(world);
    CHECK(std::set(names.begin(), names.end()).size() == names.size());  // no two have one name
    for (const std::string& name : names) {
        CHECK(name.size() <= 20);
    }
    CHECK(family_name(world, world.processes.size() - 1) == family_names(world).back());
}

TEST_CASE("the areas stand as in a textbook: the stack on top, the code at the bottom, each once") {
    const Messages words = words_of("en");
    const auto areas = stage_areas(regions_of_a_program(), {}, words);
    CHECK(keys_of(areas) == std::vector<std::string_view>{"stack", "libraries", "heap", "data", "read_only", "code"});
    for (const StageArea& area : areas) {
        CHECK(!area.title.empty());
    }
    CHECK(areas[3].size == 0x1000);  // data and bss
    CHECK(areas[4].parts.size() == 2);
    const std::vector<Address> object{0x7f0000031000};
    const auto with_object = stage_areas(regions_of_a_program(), object, words);
    CHECK(keys_of(with_object) ==
          std::vector<std::string_view>{"stack", "anonymous", "libraries", "heap", "data", "read_only", "code"});
}

TEST_CASE("a large block of malloc, which is a mapping, is no part of the libraries beside which it lies") {
    std::vector<Region> regions = regions_of_a_program();
    regions.push_back(region_of(RegionKind::anonymous, 0x7f0000100000, 0x101000));
    std::ranges::sort(regions, {}, [](const Region& region) { return region.range.start; });
    const auto areas = stage_areas(regions, {}, words_of("en"));
    const auto mapped = std::ranges::find(areas, 0x101000U, &StageArea::size);
    REQUIRE(mapped != areas.end());
    CHECK_FALSE(mapped->furniture);
}

TEST_CASE("a program with a hundred thousand mappings has a few areas, and none of its memory is forgotten") {
    std::vector<Region> regions;
    ByteCount size = 0;
    for (std::size_t i = 0; i < 100'000; ++i) {
        regions.push_back(region_of(i % 2 == 0 ? RegionKind::shared_memory : RegionKind::thread_stack, 0x100000000 + 0x3000 * i,
                                    0x1000 * (1 + i % 2)));
        size += regions.back().range.size();
    }
    const auto areas = stage_areas(regions, {}, words_of("en"));
    CHECK(areas.size() <= most_stage_areas);
    ByteCount told = 0;
    for (const StageArea& area : areas) {
        told += area.size;
    }
    CHECK(told == size);
}

TEST_CASE("a column is as high as the stage, whatever lies in it") {
    const Messages words = words_of("en");
    for (const std::size_t frames : {0U, 1U, 3U, 9U}) {
        const std::vector<StageColumn> columns{column_with_frames(0, frames, words), column_with_frames(1, 1, words)};
        for (const float height : {260.0F, 420.0F, 560.0F, 900.0F}) {
            CAPTURE(frames);
            CAPTURE(height);
            const auto groups = share_height(columns, height);
            REQUIRE(groups.size() == 1);
            CHECK(groups.front().columns == std::vector<std::size_t>{0, 1});
            float y = 0;
            for (const ShownArea& area : groups.front().areas) {
                CHECK(area.y == doctest::Approx(y));
                CHECK(area.height >= stage_area_title);
                y = area.y + area.height + area.gap_below;
            }
            CHECK(y - groups.front().areas.back().gap_below == doctest::Approx(height));
        }
    }
}

TEST_CASE("where there is no room for all, the innermost frame is shown and the others are left out first") {
    const Messages words = words_of("en");
    const std::vector<StageColumn> columns{column_with_frames(0, 6, words)};
    const auto shown = [&](float height) {
        std::vector<std::size_t> cards;
        for (const ShownCard& card : share_height(columns, height).front().areas.front().cards.front()) {
            cards.push_back(card.card);
        }
        return cards;
    };
    CHECK(shown(2000).size() == 6);
    const auto few = shown(260);
    REQUIRE(!few.empty());
    CHECK(few.size() < 6);
    CHECK(few.back() == 5);
}

TEST_CASE("no text of the stage leaves its column, in both languages") {
    World world;
    apply(world, kept(event_of(10, StartEvent{9, {"sh"}, "/"})));
    apply(world, kept(event_of(10, fork_of(10, 11))));
    Recording recording;
    recording.append(event_of(10, StartEvent{9, {"sh"}, "/"}));
    recording.append(event_of(10, fork_of(10, 11)));
    const FixedMeasure measure;
    for (const char* language : {"en", "ko"}) {
        const Messages words = words_of(language);
        const std::vector<StageColumn> columns{column_with_frames(0, 5, words), column_with_frames(1, 2, words)};
        for (const float width : {460.0F, 640.0F, 1000.0F}) {
            const LayoutContext context{recording, world, 1, words, measure};
            const Scene scene = layout_stage(context, columns, {.width = width, .height = 500, .selected = {}});
            CHECK(scene.width <= width);
            for (const SceneLabel& label : scene.labels) {
                CAPTURE(label.text);
                CHECK(label.at.x >= 0);
                CHECK(label.at.x + measure.width(label.text, label.style) <= std::max(width, 460.0F) + 1);
                CHECK(label.at.y + measure.line_height(label.style) <= 501);
            }
        }
    }
}

TEST_CASE("frames of one function tell themselves apart where there is room for their titles only") {
    const Messages words = words_of("en");
    Recording recording;
    recording.append(event_of(10, StartEvent{9, {"sh"}, "/"}));
    const World world = recording.last_world();
    const FixedMeasure measure;
    const LayoutContext context{recording, world, 0, words, measure};
    const std::vector<StageColumn> columns{column_with_frames(0, 6, words)};
    const auto told = [&](float height, const Veils& veils) {
        const Scene scene = layout_stage(context, columns, {.width = 460, .height = height, .selected = {}, .veils = veils});
        return std::ranges::count_if(scene.labels, [](const SceneLabel& label) { return label.text.starts_with("n = "); });
    };
    std::ptrdiff_t most = 0;
    for (float height = 260; height < 700; height += 20) {
        most = std::max(most, told(height, {}));
        CHECK(told(height, {.values = true}) == 0);
    }
    CHECK(most > 0);
    CHECK(told(2000, {}) == 0);  // there each has a row
}

TEST_CASE("a stage that is too low for a frame's card still says where SP is") {
    const Messages words = words_of("en");
    Recording recording;
    recording.append(event_of(10, StartEvent{9, {"sh"}, "/"}));
    const World world = recording.last_world();
    const FixedMeasure measure;
    const LayoutContext context{recording, world, 0, words, measure};
    std::vector<StageColumn> columns{column_with_frames(0, 1, words)};
    columns.front().cards.front().back().stack_pointer = 0x7ffd00020f40;
    for (const float height : {240.0F, 600.0F}) {
        const Scene scene = layout_stage(context, columns, {.width = 460, .height = height, .selected = {}});
        CHECK(std::ranges::count_if(scene.labels, [](const SceneLabel& label) {
                  return label.text.find("SP 7ffd 0002 0f40") != std::string::npos;
              }) == 1);
    }
}

TEST_CASE("the line at SP can be seen on the stack in every theme, as the text beside it can") {
    const Messages words = words_of("en");
    Recording recording;
    recording.append(event_of(10, StartEvent{9, {"sh"}, "/"}));
    const World world = recording.last_world();
    const FixedMeasure measure;
    std::vector<StageColumn> columns{column_with_frames(0, 1, words)};
    columns.front().cards.front().back().stack_pointer = 0x7ffd00020f40;
    const Scene scene =
        layout_stage({recording, world, 0, words, measure}, columns, {.width = 460, .height = 600, .selected = {}});
    const auto line = std::ranges::find(scene.boxes, 2.0F, [](const SceneBox& box) { return box.box.height; });
    REQUIRE(line != scene.boxes.end());
    for (const Theme theme : {Theme::light, Theme::dark}) {
        const Colour on = palette(theme).of(Role::stack);
        CHECK(contrast(line->ink ? ink_on(on) : palette(theme).of(line->role), on) >= 3);
    }
}

TEST_CASE("in a block between two columns, text stands clear of the edges, however low the block is") {
    const Messages words = words_of("en");
    const Recording recording;
    const World world;
    const FixedMeasure measure;
    const LayoutContext context{recording, world, 0, words, measure};
    for (float height = 8; height < 90; height += 1) {
        for (const std::uint64_t copied : {0, 1, 20}) {
            StageBridge bridge;
            bridge.shared = 19;
            bridge.copied = copied;
            bridge.apart = copied / 2;
            Scene scene;
            add_stage_bridge(bridge, Role::heap, {0, 0, 124, height}, {"P", "C1"}, scene, context);
            for (const SceneBox& box : scene.boxes) {
                if (box.radius == 0) {
                    continue;  // the band behind the blocks
                }
                std::vector<SceneLabel> lines;
                std::ranges::copy_if(scene.labels, std::back_inserter(lines),
                                     [&](const SceneLabel& label) { return box.box.contains({label.at.x, label.at.y + 7}); });
                const float clear = lines.size() > 1 ? 5 : 0;
                for (const SceneLabel& label : lines) {
                    CHECK(label.at.y >= box.box.y + clear);
                    CHECK(label.at.y + measure.line_height(label.style) <= box.box.bottom() - clear);
                }
            }
        }
    }
}

TEST_CASE("however low the block of a process that wrote is, it says that the page was copied") {
    for (const std::string language : {"en", "ko"}) {
        const Messages words = words_of(language);
        const Recording recording;
        const World world;
        const FixedMeasure measure;
        const LayoutContext context{recording, world, 0, words, measure};
        StageBridge bridge;
        bridge.copied = 1280;
        bridge.copied_now = {false, true};
        for (float height = 42; height < 90; height += 1) {
            Scene scene;
            add_stage_bridge(bridge, Role::heap, {0, 0, 124, height}, {"P", "C1"}, scene, context);
            const auto said = [&](std::string_view key) {
                const std::string text(words.text(key));
                return std::ranges::count_if(scene.labels, [&](const SceneLabel& label) {
                    return label.text == text || label.text == text.substr(0, text.find(' '));
                });
            };
            CAPTURE(height);
            CHECK(said("stage.copied") + said("stage.copied_now") >= 1);
            StageBridge open = bridge;
            open.copied_now = {true, true};
            scene = {};
            add_stage_bridge(open, Role::heap, {0, 0, 124, height}, {"P", "C1"}, scene, context);
            CHECK(said("stage.copied") + said("stage.copied_now") == 0);
            CHECK(said("stage.own") + said("stage.own_now") >= 2);
        }
    }
}

TEST_CASE("programs at the same place with stacks at others are no family: each fills its column") {
    const Messages words = words_of("en");
    Recording recording;
    recording.append(event_of(10, StartEvent{9, {"make"}, "/"}));
    StageColumn one = column_with_frames(0, 1, words);
    StageColumn other = one;
    other.areas.front().key = "stack 7ffe00000000";
    other.areas.front().parts.front() = {0x7ffe00000000, 0x7ffe00021000};
    const std::vector<StageColumn> columns{one, other};
    const std::vector<StageGroup> groups = share_height(columns, 600);
    REQUIRE(groups.size() == 2);
    for (const StageGroup& group : groups) {
        CHECK(group.areas.front().y == 0);
        CHECK(group.areas.back().y + group.areas.back().height == doctest::Approx(600));
    }
}

TEST_CASE("on a stage however low, no area hangs over the edge of its column, and the note below leaves it room") {
    const Messages words = words_of("en");
    Recording recording;
    recording.append(event_of(10, StartEvent{9, {"sh"}, "/"}));
    const World world = recording.last_world();
    const FixedMeasure measure;
    const LayoutContext context{recording, world, 0, words, measure};
    std::vector<StageColumn> columns{column_with_frames(0, 2, words)};
    columns.front().missing = {"sh was not looked into: that is done at “calls” or finer, of programs with debug information"};
    columns.front().cards.front().back().stack_pointer = 0x7ffd00020f40;
    for (float height = 80; height < 700; height += 10) {
        const Scene scene = layout_stage(context, columns, {.width = 200, .height = height, .selected = {}});
        const auto edge = std::ranges::find(scene.boxes, 8.0F, &SceneBox::radius);
        REQUIRE(edge != scene.boxes.end());
        CAPTURE(height);
        for (const SceneBox& box : scene.boxes) {
            CHECK((box.box.y < edge->box.y || box.box.bottom() <= edge->box.bottom()));
        }
        CHECK(edge->box.bottom() <= scene.height);
        CHECK((height < 230 || scene.height <= height));
        CHECK(says(scene, "SP"));
    }
}

TEST_CASE("below the columns stands what is missing of the process of which other panels tell, or else of the first") {
    const StartedProcess run("en");
    std::vector<StageColumn> columns{column_with_frames(0, 1, run.words), column_with_frames(0, 1, run.words)};
    columns[1].process = 1;
    columns[0].missing = {"10 was not read"};
    columns[1].missing = {"11 was not read"};
    World world = run.world;
    apply(world, kept(event_of(10, fork_of(10, 11))));
    const LayoutContext context{run.recording, world, 0, run.words, run.measure};
    StageView view{.width = 800, .height = 600, .selected = {}};
    CHECK(says(layout_stage(context, columns, view), "10 was not read"));
    view.focus = 1;
    const Scene scene = layout_stage(context, columns, view);
    CHECK(says(scene, "11 was not read"));
    CHECK_FALSE(says(scene, "10 was not read"));
}

TEST_CASE("of a thread that runs none of its program's own functions the stage says where SP is") {
    const Messages words = words_of("en");
    Recording recording;
    recording.append(event_of(10, StartEvent{9, {"sh"}, "/"}));
    const World world = recording.last_world();
    const FixedMeasure measure;
    const LayoutContext context{recording, world, 0, words, measure};
    Stack stack;
    stack.frames.push_back(std::make_shared<const StackFrame>());
    stack.frames.push_back(std::make_shared<const StackFrame>());
    ThreadState thread;
    thread.stack = std::make_shared<const Stack>(stack);
    thread.stack_pointer = 0x7ffd00020f40;
    const std::vector<StageCard> cards =
        stage_frames({.context = context, .process = world.processes[0], .shown = &thread}, thread);
    REQUIRE(cards.size() == 1);
    CHECK(cards.front().stack_pointer == thread.stack_pointer);
    CHECK(cards.front().title == words.format("stage.foreign_frames", 2));
}

TEST_CASE("what lies in a variable's place before its declaration is told as no value of it, and is no former value") {
    const Messages words = words_of("en");
    Recording recording;
    recording.append(event_of(10, StartEvent{9, {"sh"}, "/"}));
    const World world = recording.last_world();
    const FixedMeasure measure;
    const LayoutContext context{recording, world, 0, words, measure};
    const StageLook look{.context = context, .process = world.processes[0], .acts = true};
    Variable dirt;
    dirt.name = "child";
    dirt.address = 0x7ffd00000010;
    dirt.value = "-146765104";
    dirt.why_not = "it is declared on line 17, and has a value only behind it";
    Variable other_dirt = dirt;
    other_dirt.value = "7";
    Variable child = dirt;
    child.value = "4711";
    child.why_not.clear();
    const std::vector<Variable> first{dirt};
    const StageBefore before = stage_before(first);
    const StageRow now = stage_row_of(look, other_dirt, "main", &before, Rank::innermost);
    CHECK(now.no_value_yet);
    CHECK_FALSE(now.changed);
    const StageRow then = stage_row_of(look, child, "main", &before, Rank::innermost);
    CHECK_FALSE(then.no_value_yet);
    CHECK(then.changed);
    CHECK(then.was.empty());
}

TEST_CASE("in a narrow column the address of the next instruction stands whole") {
    const Messages words = words_of("en");
    Recording recording;
    recording.append(event_of(10, StartEvent{9, {"sh"}, "/"}));
    const World world = recording.last_world();
    const FixedMeasure measure;
    const LayoutContext context{recording, world, 0, words, measure};
    StageColumn column = column_with_frames(0, 1, words);
    StageRow next = made_up_row("next instruction", "0x5555000012ab", Rank::details);
    next.note.clear();
    next.name_in_words = true;
    next.short_name = "PC";
    column.cards.front().front().rows = {next};
    const std::vector<StageColumn> columns{column, column_with_frames(0, 1, words), column_with_frames(0, 1, words)};
    const Scene scene = layout_stage(context, columns, {.width = 620, .height = 600, .selected = {}});
    const auto has = [&](std::string_view text) {
        return std::ranges::any_of(scene.labels, [&](const SceneLabel& label) { return label.text == text; });
    };
    CHECK(has("0x5555000012ab"));
    CHECK(has("PC"));
}

TEST_CASE("a quoted line has no comment and no indentation, but keeps what only looks like a comment") {
    CHECK(without_comment("    tell(\"child\");  // a copy") == "tell(\"child\");");
    CHECK(without_comment("print('# no')  # yes") == "print('# no')");
    CHECK(without_comment("url = \"http://x\" // y") == "url = \"http://x\"");
    CHECK(without_comment("// only this") == "// only this");
    CHECK(without_comment("   ") == "");
    CHECK(without_comment("say('it\\'s # in') # out") == "say('it\\'s # in')");
}
