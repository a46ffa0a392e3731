#include "core/layout/pages/layout_pages.h"
#include "core/model/common_pages.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "core/layout/pages/layout_compare.h"
#include "core/model/inside.h"
#include "tests/core/layout_support.h"
#include "tests/support/page_size.h"

using namespace procatlas;

namespace {

constexpr Address block_start = 0x7f00'0000'0000;

// A parent (1) and a child (2) with one private mapping of `count` pages, of which the parent had `touched` before the fork, or
// all. The child has written every second page.
Recording run_of(std::uint64_t count, bool fork_only = false, std::optional<std::uint64_t> touched = std::nullopt) {
    AddressSpace space;
    space.mappings.push_back({{block_start, block_start + count * page}, {true, true, false, false}, 0, 0, 0, 0, ""});
    const auto memory = std::make_shared<const AddressSpace>(std::move(space));
    const auto all = [&](PageState state) {
        return std::make_shared<const Pages>(Pages{page, {{block_start, touched.value_or(count), state, false}}, {}, {}});
    };
    Pages split;
    for (std::uint64_t i = 0; i < count; ++i) {
        split.runs.push_back({block_start + i * page, 1, i % 2 == 0 ? PageState::exclusive : PageState::shared, false});
    }
    const auto half = std::make_shared<const Pages>(std::move(split));
    Recording recording;
    ObservedEvent start = event_of(1, StartEvent{});
    start.memory = memory;
    start.pages = {{start.process, all(PageState::exclusive)}};
    recording.append(start);
    const ForkEvent fork = fork_of(1, 2);
    ObservedEvent forked = event_of(1, fork);
    forked.child_memory = memory;
    forked.pages = {{forked.process, all(PageState::shared)}, {fork.child, all(PageState::shared)}};
    recording.append(forked);
    if (!fork_only) {
        ObservedEvent written = event_of(2, LineEvent{});
        written.pages = {{written.process, half}, {forked.process, half}};
        recording.append(written);
    }
    return recording;
}

PagesScene pages_scene(const Recording& recording, const std::string& language = "en") {
    const FixedMeasure measure;
    const std::array<std::size_t, 2> both{0, 1};
    return layout_pages({recording, recording.last_world(), recording.last_moment(), words_of(language), measure}, both,
                        {.only = {}});
}

}  // namespace

TEST_CASE("as many processes as fit stand side by side without being cut") {
    for (const float width : {100.0F, 380.0F, 609.0F, 1200.0F}) {
        const std::size_t count = pages_columns_that_fit(width);
        CHECK(count >= 1);
        const auto columns = static_cast<float>(count);
        CHECK((count == 1 || columns * 176 + (columns - 1) * 28 <= width));
    }
    CHECK(pages_columns_that_fit(609) == 3);
    CHECK(compare_columns_that_fit(609) == 2);
}

TEST_CASE("few pages have a cell each, at the same place in both columns, and those just copied are marked") {
    const Recording recording = run_of(8);
    const PagesScene made = pages_scene(recording);
    REQUIRE(made.cells.size() == 16);
    for (std::size_t i = 0; i < 8; ++i) {
        CHECK(made.cells[i].count == 1);
        CHECK(made.cells[i].start == made.cells[i + 8].start);
        CHECK(made.cells[i].box.y == made.cells[i + 8].box.y);
        CHECK(made.cells[i + 8].box.x - made.cells[i].box.x == made.cells[8].box.x - made.cells[0].box.x);
    }
    const auto marked = std::ranges::count_if(made.scene.boxes, [](const SceneBox& b) { return b.outline == Role::accent; });
    CHECK(marked == 8 + 1);  // four in each, and the legend's
    CHECK(says(made.scene, "8 pages: 4 exclusive, 4 shared"));
    CHECK(made.cell_at({made.cells[3].box.x + 1, made.cells[3].box.y + 1}) == &made.cells[3]);
    CHECK(made.cell_at({-5, -5}) == nullptr);
}

TEST_CASE("it is known where the pages are that were just copied, so that a panel can show them") {
    const PagesScene scene = pages_scene(run_of(8));
    REQUIRE_FALSE(scene.cells.empty());
    for (const PageCell& cell : scene.cells) {
        CHECK(scene.copied.y < cell.box.y);
        CHECK(cell.box.bottom() <= scene.copied.bottom());
    }
    CHECK(pages_scene(run_of(8, true)).copied.height == 0);
}

TEST_CASE("many pages share a cell, which says so, and none is left out") {
    const Recording recording = run_of(4096);
    const PagesScene made = pages_scene(recording);
    CHECK(made.cells.size() == 2 * 512);
    std::uint64_t pages = 0;
    for (const PageCell& cell : made.cells) {
        pages += cell.count;
    }
    CHECK(pages == 2 * 4096);
    CHECK(says(made.scene, "each cell is 8 pages"));
    CHECK(says(made.scene, "2,048 exclusive"));
}

TEST_CASE("page states can be distinguished without colour") {
    const auto shape_of = [](PageState state) {
        Recording recording = run_of(1, true);
        ObservedEvent event = event_of(1, LineEvent{});
        event.pages = {{event.process, std::make_shared<const Pages>(Pages{page, {{block_start, 1, state, false}}, {}, {}})}};
        recording.append(event);
        const PagesScene made = pages_scene(recording);
        std::vector<std::tuple<float, float, bool, bool>> shape;  // the boxes of the parent's cell
        for (const SceneBox& box : made.scene.boxes) {
            const Box& cell = made.cells.front().box;
            if (cell.contains({box.box.x, box.box.y}) && box.box.right() <= cell.right() && box.box.bottom() <= cell.bottom()) {
                shape.emplace_back(box.box.width, box.box.height, box.filled, box.dashed);
            }
        }
        return shape;
    };
    CHECK(shape_of(PageState::exclusive) != shape_of(PageState::shared));
    CHECK(shape_of(PageState::shared) != shape_of(PageState::file));
    CHECK(shape_of(PageState::file) != shape_of(PageState::exclusive));
    CHECK(shape_of(PageState::swapped) != shape_of(PageState::file));
}

TEST_CASE("nothing in the page view is outside its bounds, in both languages") {
    const FixedMeasure measure;
    for (const char* language : {"en", "ko"}) {
        for (const std::uint64_t count : {1ull, 40ull, 65ull, 5000ull}) {
            const PagesScene made = pages_scene(run_of(count), language);
            const Box extent = extent_of(made.scene, measure);
            CHECK(extent.x >= -1);
            CHECK(extent.y >= -1);
            CHECK(extent.right() <= made.scene.width + 1);
            CHECK(extent.bottom() <= made.scene.height + 1);
        }
    }
}

TEST_CASE("a process whose pages were not read says so") {
    Recording recording;
    recording.append(event_of(1, StartEvent{}));
    const FixedMeasure measure;
    const std::array<std::size_t, 1> one{0};
    const PagesScene made = layout_pages({recording, recording.last_world(), 0, words_of("en"), measure}, one, {.only = {}});
    CHECK(made.cells.empty());
    CHECK(says(made.scene, "not read"));
}

TEST_CASE("pointing at a page shows its state in each process") {
    const Recording recording = run_of(8);
    const std::array<std::size_t, 2> both{0, 1};
    const auto lines = page_lines(recording.last_world(), both, {}, block_start + page, 1, words_of("en"));
    REQUIRE(lines.size() == 3);
    CHECK(lines[0] == "page at 0x7f0000001000");
    CHECK(lines[1] == "PID 1: shared, not copied yet");
}

TEST_CASE("between two processes, the view shows how much they share and how much was copied since the fork") {
    const Recording recording = run_of(4096);
    const AddressRange block{block_start, block_start + 4096 * page};
    const CommonPages between(recording, recording.last_world(), 2, 0, 1);
    CHECK(between.related());
    CHECK(between.in(block, false).shared == 2048);
    CHECK(between.in(block, false).copied == 2048);
    CHECK(CommonPages(recording, recording.world_at(1), 1, 0, 1).in(block, false).copied == 0);
    const FixedMeasure measure;
    const std::array<std::size_t, 2> both{0, 1};
    const Scene scene = layout_compare({recording, recording.last_world(), 2, words_of("en"), measure}, both, {});
    CHECK(says(scene, "shared pages: 2,048"));
    CHECK(says(scene, "copied since fork: 2,048"));
}

TEST_CASE("between two processes, no number of pages is cut into another one, however large the letters are") {
    const Recording recording = run_of(4096);
    const World& world = recording.last_world();
    const std::array<std::size_t, 2> both{0, 1};
    for (const float times : {1.0F, 1.4F, 2.0F, 3.0F, 6.0F}) {
        const LargeMeasure measure(times);
        for (const char* language : {"en", "ko"}) {
            const Scene scene = layout_compare({recording, world, 2, words_of(language), measure}, both, {.width = 600});
            CAPTURE(times);
            CHECK((times > 4 || says(scene, "2,048")));
            for (const SceneLabel& label : scene.labels) {
                const std::size_t cut = label.text.rfind("…");
                const std::string_view left = std::string_view(label.text).substr(0, std::min(cut, label.text.size()));
                const std::size_t number = left.find_last_not_of("0123456789,") + 1;
                CAPTURE(label.text);
                CHECK((cut == std::string::npos || number == left.size() || left.substr(number) == "2,048" ||
                       left.substr(number) == "4,096"));
            }
        }
    }
}

TEST_CASE("between two processes, the view counts pages that each has for itself, though none was copied since the fork") {
    Recording recording = run_of(8, true, 5);
    Pages own;
    own.runs = {{block_start, 5, PageState::shared, false}, {block_start + 5 * page, 3, PageState::exclusive, false}};
    const auto both_own = std::make_shared<const Pages>(std::move(own));
    ObservedEvent written = event_of(2, LineEvent{});
    written.pages = {{{1, 1}, both_own}, {{2, 2}, both_own}};
    recording.append(written);
    const FixedMeasure measure;
    const std::array<std::size_t, 2> both{0, 1};
    const auto scene_at = [&](std::size_t moment) {
        const World world = recording.world_at(moment);
        return layout_compare({recording, world, moment, words_of("en"), measure}, both, {});
    };
    CHECK(says(scene_at(2), "shared pages: 5"));
    CHECK(says(scene_at(2), "copied since fork: 0"));
    CHECK(says(scene_at(2), "separate pages: 3"));
    CHECK_FALSE(says(scene_at(1), "separate pages"));
}

TEST_CASE("a variable with one address and two values is shown, one with equal values is not") {
    Recording recording = run_of(8);
    const auto look = [&](std::int32_t pid, const std::string& value) {
        ObservedEvent event = event_of(pid, LineEvent{});
        Inside inside;
        inside.globals = std::make_shared<const std::vector<Variable>>(
            std::vector<Variable>{{"number", "int", block_start + 16, 4, value, "", {}, false},
                                  {"same", "int", block_start + 24, 4, "7", "", {}, false}});
        event.inside = std::make_shared<const Inside>(std::move(inside));
        recording.append(std::move(event));
    };
    look(1, "1");
    look(2, "2");
    const std::array<std::size_t, 2> both{0, 1};
    const auto split = split_variables(recording.last_world(), both);
    REQUIRE(split.size() == 1);
    CHECK(split[0].name == "number");
    CHECK(split[0].address == block_start + 16);
    CHECK(split[0].values == std::vector<std::string>{"1", "2"});
}
