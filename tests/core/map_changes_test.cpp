#include "core/layout/memory/map_changes.h"

#include <algorithm>

#include "core/layout/memory/layout_memory.h"
#include "layout_support.h"

using namespace procatlas;

namespace {

std::vector<Region> textbook() {
    return {region_of(RegionKind::code, 0x555500000000, 0x1000), region_of(RegionKind::data, 0x555500001000, 0x1000),
            region_of(RegionKind::heap, 0x555501000000, 0x21000), region_of(RegionKind::stack, 0x7ffd00000000, 0x21000)};
}

}  // namespace

TEST_CASE("a map compared with itself has no changes") {
    const Messages words = words_of("en");
    CHECK(compare_maps(textbook(), textbook(), words).empty());
    CHECK(!compare_maps(textbook(), textbook(), words).replaced);
    CHECK(compare_maps({}, {}, words).empty());
}

TEST_CASE("blocks that grew, shrank, appeared, disappeared or changed permissions are each reported once") {
    const Messages words = words_of("en");
    std::vector<Region> after = textbook();
    after[1].permissions.write = true;  // changed
    after[2].range.end += 0x1000;       // grew
    after[3].range.start += 0x2000;     // shrank
    after.erase(after.begin());         // the code is gone
    after.insert(after.begin() + 2, region_of(RegionKind::anonymous, 0x7f0000000000, 0x3000));
    const MapChanges found = compare_maps(textbook(), after, words);
    REQUIRE(found.changes.size() == 5);
    CHECK(found.changes[0].kind == ChangeKind::gone);
    CHECK(found.changes[0].before == 0x1000);
    CHECK(found.changes[1].kind == ChangeKind::changed);
    CHECK(found.changes[2].kind == ChangeKind::grew);
    CHECK(change_text(found.changes[2], words, false) == "+4 KiB");
    CHECK(found.changes[3].kind == ChangeKind::appeared);
    CHECK(change_text(found.changes[3], words, false) == "new");
    CHECK(change_text(found.changes[3], words, true) == "only here");
    CHECK(found.changes[4].kind == ChangeKind::shrank);
    CHECK(change_text(found.changes[4], words, false) == "−8 KiB");
}

TEST_CASE("another program at other addresses is one change: only the kernel's own page is the same") {
    std::vector<Region> before = textbook();
    std::vector<Region> after = textbook();
    for (Region& region : after) {
        region.range = {region.range.start + 0x10000000, region.range.end + 0x10000000};
    }
    for (auto* map : {&before, &after}) {
        map->push_back(region_of(RegionKind::kernel, 0xffffffffff600000, 0x1000));
    }
    CHECK(compare_maps(before, after, words_of("en")).replaced);
}

TEST_CASE("the columns mark a change with an outline and words, and a block that is gone with a dashed outline") {
    const Messages words = words_of("en");
    MemoryColumn column;
    column.regions = textbook();
    column.regions[2].range.end += 0x1000;
    column.changes = compare_maps(textbook(), column.regions, words);
    column.changes.changes.push_back(
        {ChangeKind::gone, {0x7f0000000000, 0x7f0000004000}, RegionKind::anonymous, "anonymous", 0x4000, 0});
    const std::vector<MemoryColumn> columns{column};
    const MemoryScene scene = layout_memory(columns, {}, words, FixedMeasure());
    CHECK(says(scene.body, "+4 KiB · 136 KiB"));
    CHECK(says(scene.body, "gone · anonymous"));
    const auto outlined = [](const SceneBox& box) { return box.outlined && box.outline == Role::pin; };
    CHECK(std::ranges::count_if(scene.body.boxes, outlined) == 2);
    CHECK(std::ranges::count_if(scene.body.boxes, [](const SceneBox& box) { return box.dashed && !box.filled; }) == 1);
}

TEST_CASE("at each moment of a recording, the changes are those of its event") {
    Recording recording;
    const auto space = [](Address heap_end) {
        auto made = std::make_shared<AddressSpace>();
        Mapping code;
        code.range = {0x1000, 0x2000};
        code.permissions = {.read = true, .execute = true};
        Mapping heap;
        heap.range = {0x10000, heap_end};
        heap.permissions = {.read = true, .write = true};
        heap.name = "[heap]";
        made->mappings = {code, heap};
        return made;
    };
    const auto add = [&](EventDetail detail, std::shared_ptr<const AddressSpace> memory) {
        ObservedEvent event = event_of(10, std::move(detail));
        event.memory = std::move(memory);
        recording.append(std::move(event));
    };
    add(StartEvent{9, {"x"}, "/"}, nullptr);
    add(ExecEvent{.path = "/x", .arguments = {}}, space(0x20000));
    add(MemoryEvent{.call = MemoryCall::brk}, space(0x24000));
    add(OutputEvent{OutputStream::standard_output, "a", 1}, nullptr);
    const Messages words = words_of("en");
    CHECK(changes_at(recording, recording.world_at(1), 0, words).empty());
    const MapChanges grown = changes_at(recording, recording.world_at(2), 0, words);
    REQUIRE(grown.changes.size() == 1);
    CHECK(grown.changes[0].kind == ChangeKind::grew);
    CHECK(changes_at(recording, recording.world_at(3), 0, words).empty());
    CHECK(changes_since(recording, recording.world_at(3), 0, 1, words).changes.size() == 1);
}
