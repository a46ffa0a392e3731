// What the tests of the stage share: a process, the areas of a small program, and columns in which frames lie.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/layout/layout_context.h"
#include "core/layout/stage/layout_stage.h"
#include "core/layout/stage/stage_areas.h"
#include "core/layout/stage/stage_column.h"
#include "layout_support.h"

namespace procatlas {

// A process, 10, that has just been started, and what a layout needs besides.
struct StartedProcess {
    explicit StartedProcess(const std::string& language) : words(words_of(language)) {
        recording.append(event_of(10, StartEvent{9, {"sh"}, "/"}));
        world = recording.last_world();
    }
    [[nodiscard]] LayoutContext context() const { return {recording, world, recording.last_moment(), words, measure}; }
    [[nodiscard]] Scene stage(std::span<const StageColumn> columns, float width, float height) const {
        return layout_stage(context(), columns, {.width = width, .height = height, .selected = {}});
    }

    Recording recording;
    World world;
    Messages words;
    FixedMeasure measure;
};

inline std::vector<Region> regions_of_a_program() {
    Region library = region_of(RegionKind::shared_library, 0x7f0000000000, 0x20000);
    library.file = "/usr/lib/x86_64-linux-gnu/libc.so.6";
    return {region_of(RegionKind::read_only_data, 0x555500000000, 0x1000),
            region_of(RegionKind::code, 0x555500001000, 0x1000),
            region_of(RegionKind::read_only_data, 0x555500002000, 0x1000),
            region_of(RegionKind::data, 0x555500003000, 0x100),
            region_of(RegionKind::bss, 0x555500003100, 0xF00),
            region_of(RegionKind::heap, 0x555501000000, 0x21000),
            library,
            region_of(RegionKind::anonymous, 0x7f0000030000, 0x4000),
            region_of(RegionKind::stack, 0x7ffd00000000, 0x21000)};
}

inline StageRow made_up_row(std::string name, std::string value, Rank rank) {
    StageRow made;
    made.name = std::move(name);
    made.value = std::move(value);
    made.note = "5555 0000 3010";
    made.rank = rank;
    return made;
}

inline StageColumn column_with_frames(std::size_t process, std::size_t frames, const Messages& words) {
    StageColumn column;
    column.process = process;
    column.areas = stage_areas(regions_of_a_program(), {}, words);
    column.cards.resize(column.areas.size());
    for (std::size_t i = 0; i < frames; ++i) {
        StageCard card;
        card.title = "f" + std::to_string(i) + "()";
        card.rank = i + 1 == frames ? Rank::now : Rank::frames;
        card.rows = {made_up_row("n", std::to_string(i), Rank::innermost),
                     made_up_row("text", std::string(300, 'x'), Rank::rest)};
        column.cards.front().push_back(std::move(card));
    }
    return column;
}

}  // namespace procatlas
