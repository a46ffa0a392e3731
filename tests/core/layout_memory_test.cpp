#include "core/layout/memory/layout_memory.h"
#include "core/model/places.h"
#include "core/narrate/block_name.h"

#include <algorithm>

#include "layout_support.h"

using namespace procatlas;

namespace {

MemoryColumn column_of(std::size_t process) {
    MemoryColumn column;
    column.process = process;
    column.title = std::to_string(100 + process);
    Region library = region_of(RegionKind::shared_library, 0x7f0000000000, 0x20000);
    library.file = "/usr/lib/x86_64-linux-gnu/libc.so.6";
    Region rest = library;
    rest.range = {0x7f0000020000, 0x7f0000030000};
    column.regions = {region_of(RegionKind::code, 0x555500000000, 0x1000),
                      region_of(RegionKind::data, 0x555500001000, 0x100),
                      region_of(RegionKind::bss, 0x555500001100, 0xF00),
                      region_of(RegionKind::heap, 0x555501000000, 0x21000),
                      library,
                      rest,
                      region_of(RegionKind::stack, 0x7ffd00000000, 0x21000)};
    column.places = {{PlaceKind::program_counter, 0x555500000100, 0},
                     {PlaceKind::brk, 0x555501021000, 0},
                     {PlaceKind::stack_pointer, 0x7ffd00020000, 0},
                     {PlaceKind::stack_start, 0x7ffd00020010, 0}};
    return column;
}

std::vector<SceneBox> blocks_of(const MemoryScene& scene, std::size_t process) {
    std::vector<SceneBox> found;
    for (const SceneBox& box : scene.body.boxes) {
        if (box.hit.kind == HitKind::region && box.hit.process == process) {
            found.push_back(box);
        }
    }
    return found;
}

}  // namespace

TEST_CASE("the same address is at the same height in every column") {
    std::vector<MemoryColumn> columns = {column_of(0), column_of(1)};
    columns[1].regions.erase(columns[1].regions.begin() + 3);  // no heap
    const Messages words = words_of("en");
    const MemoryScene scene = layout_memory(columns, {}, words, FixedMeasure());
    for (const SceneBox& right : blocks_of(scene, 1)) {
        for (const SceneBox& left : blocks_of(scene, 0)) {
            if (left.hit.address == right.hit.address) {
                CHECK(left.box.y == right.box.y);
                CHECK(left.box.height == right.box.height);
            }
        }
    }
    CHECK(blocks_of(scene, 0).size() == 6);
    CHECK(blocks_of(scene, 1).size() == 5);
}

TEST_CASE("blocks stand in textbook order inside their frame, do not overlap, and hold their text") {
    for (const char* language : {"en", "ko"}) {
        for (const float width : {320.0F, 600.0F, 1200.0F}) {
            for (const float height : {100.0F, 500.0F, 1500.0F}) {
                const Messages words = words_of(language);
                const FixedMeasure measure;
                const std::vector<MemoryColumn> columns = {column_of(0), column_of(1)};
                MemoryView view;
                view.width = width;
                view.height = height;
                const MemoryScene scene = layout_memory(columns, view, words, measure);
                for (const ColumnPlace& place : scene.columns) {
                    float above = place.box.bottom();
                    for (const SceneBox& block : blocks_of(scene, place.process)) {  // ascending addresses
                        CHECK(block.box.bottom() <= above + 0.01F);
                        CHECK(block.box.y >= place.box.y);
                        CHECK(block.box.x >= place.box.x);
                        CHECK(block.box.right() <= place.box.right());
                        above = block.box.y;
                    }
                }
                for (const SceneLabel& label : scene.body.labels) {
                    CHECK(label.at.x >= 0);
                    CHECK(label.at.x + measure.width(label.text, label.style) <= scene.body.width);
                    CHECK(label.at.y + measure.line_height(label.style) <= scene.body.height + 1);
                    if (label.on_fill) {
                        const Hit hit = scene.body.hit_at({label.at.x, label.at.y});
                        CHECK(hit.kind == HitKind::region);
                        CHECK(scene.body.hit_at({label.at.x + measure.width(label.text, label.style) - 1,
                                                 label.at.y + measure.line_height(label.style) - 1}) == hit);
                    }
                }
            }
        }
    }
}

TEST_CASE("the parts of a library are one block, and files that are only read are one block") {
    std::vector<Region> regions = column_of(0).regions;
    for (Address i = 0; i < 3; ++i) {
        Region file = region_of(RegionKind::mapped_file, 0x7e0000000000 + i * 0x1000, 0x1000);
        file.file = "/usr/lib/locale/" + std::to_string(i);
        regions.insert(regions.begin() + 4 + static_cast<std::ptrdiff_t>(i), file);
    }
    const Messages words = words_of("en");
    std::vector<std::string> names;
    for (const Block& block : gather_blocks(regions)) {
        names.push_back(block_name(block, regions, words));
    }
    CHECK(names == std::vector<std::string>{"code", "data", "bss", "heap", "3 mapped files", "libc.so.6", "stack"});
}

TEST_CASE("the textbook view folds the blocks between heap and stack, and leaves out kernel addresses") {
    std::vector<Region> regions = column_of(0).regions;
    Region loader = region_of(RegionKind::shared_library, 0x7f0000040000, 0x1000);
    loader.file = "/lib/ld.so";
    const Region thread = region_of(RegionKind::thread_stack, 0x7e0000000000, 0x800000);
    const Region far = region_of(RegionKind::anonymous, 0x7d0000000000, 0x1000);
    const auto before_stack = regions.end() - 1;
    regions.insert(before_stack, {region_of(RegionKind::anonymous, 0x7f0000030000, 0x2000), loader});
    regions.insert(regions.begin() + 4, {far, thread});
    regions.push_back(region_of(RegionKind::kernel, 0xffffffffff600000, 0x1000));
    const std::vector<Block> blocks = gather_blocks(regions);
    const std::vector<Block> folded = fold_blocks(blocks, regions);
    const Messages words = words_of("en");
    std::vector<std::string> names;
    for (const Block& block : folded) {
        names.push_back(block_name(block, regions, words));
    }
    CHECK(names ==
          std::vector<std::string>{"code", "data", "bss", "heap", "anonymous", "thread stack", "▸ 2 libraries", "stack"});
    const Block& fold = folded[6];
    CHECK(fold.folded == 3);
    CHECK(fold.range == AddressRange{0x7f0000000000, 0x7f0000041000});
    CHECK(block_size(fold, regions) == 0x33000);
    CHECK(folded_names(fold, regions) == "libc.so.6, ld.so");
}

TEST_CASE("folded or not, the same address is at the same height in every column, even if the maps differ") {
    std::vector<MemoryColumn> columns = {column_of(0), column_of(1), column_of(2)};
    for (MemoryColumn& column : columns) {
        Region loader = region_of(RegionKind::shared_library, 0x7f0000040000, 0x1000);
        loader.file = "/lib/ld.so";
        column.regions.insert(column.regions.end() - 1, loader);
    }
    columns[1].regions.erase(columns[1].regions.begin() + 5);        // a fold with another hole
    columns[2].regions[3].range = {0x7f0000035000, 0x7f0000036000};  // a heap; others have a hole in the fold there
    std::swap(columns[2].regions[3], columns[2].regions[5]);
    std::ranges::sort(columns[2].regions, {}, [](const Region& region) { return region.range.start; });
    const Messages words = words_of("en");
    for (const bool all_regions : {false, true}) {
        MemoryView view;
        view.all_regions = all_regions;
        const MemoryScene scene = layout_memory(columns, view, words, FixedMeasure());
        std::size_t folds = 0;
        for (const SceneBox& box : scene.body.boxes) {
            folds += box.hit.kind == HitKind::fold ? 1 : 0;
            if (box.hit.kind == HitKind::region || box.hit.kind == HitKind::fold) {
                CHECK(box.box.bottom() == doctest::Approx(scene.axis_top + scene.axis.y(box.hit.address) - 1));
            }
        }
        CHECK(folds == (all_regions ? 0 : 2));
    }
}

TEST_CASE("gaps are labelled with their size, and marks stand at their address") {
    const Messages words = words_of("en");
    const std::vector<MemoryColumn> columns = {column_of(0)};
    const MemoryScene scene = layout_memory(columns, {}, words, FixedMeasure());
    const auto has = [&](std::string_view text) {
        for (const SceneLabel& label : scene.body.labels) {
            if (label.text.find(text) != std::string::npos) {
                return true;
            }
        }
        return false;
    };
    CHECK(has("unmapped"));
    CHECK(has("random offset"));
    CHECK(has("PC"));
    CHECK(has("brk"));
    CHECK(has("5555 0000 0000"));
    CHECK(scene.body.marks.size() == 4);
    CHECK(scene.body.marks.back().centre.y == doctest::Approx(scene.axis_top + scene.axis.y(0x555500000100)));
}

TEST_CASE("a process whose map was never read says so") {
    const Messages words = words_of("en");
    std::vector<MemoryColumn> columns(1);
    const MemoryScene scene = layout_memory(columns, {}, words, FixedMeasure());
    REQUIRE(!scene.body.labels.empty());
    CHECK(scene.body.labels.front().text.starts_with("memory map"));
}

TEST_CASE("only what can be seen is drawn, where it would be, and the size stays that of everything") {
    MemoryColumn column = column_of(0);
    Address at = 0x10000;
    std::vector<Region> many;
    for (int i = 0; i < 2000; ++i) {
        Region region = column.regions.front();
        region.kind = i % 2 == 0 ? RegionKind::anonymous : RegionKind::mapped_file;
        region.file = i % 2 == 0 ? "" : "/f" + std::to_string(i);
        region.range = {at, at + 0x1000};
        at += 0x3000;
        many.push_back(region);
    }
    column.regions = many;
    const std::vector<MemoryColumn> columns{column};
    const Messages words = words_of("en");
    MemoryView view;
    view.all_regions = true;
    const MemoryScene all = layout_memory(columns, view, words, FixedMeasure());
    view.top = 3000;
    view.bottom = 3800;
    const MemoryScene part = layout_memory(columns, view, words, FixedMeasure());
    CHECK(part.body.height == all.body.height);
    const auto whole = blocks_of(all, 0);
    const auto some = blocks_of(part, 0);
    REQUIRE(some.size() > 10);
    CHECK(some.size() < 100);
    std::size_t expected = 0;
    for (const SceneBox& box : whole) {
        const bool visible = box.box.bottom() > 3000 && box.box.y < 3800;
        expected += visible ? 1 : 0;
        CHECK((!visible ||
               std::ranges::any_of(some, [&](const SceneBox& s) { return s.hit == box.hit && s.box.y == box.box.y; })));
    }
    CHECK(expected > 10);
}
