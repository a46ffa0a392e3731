// World -> Scene: the pages of regions, a cell a page, at the same place in each process's column. Pure.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/layout/layout_context.h"
#include "core/layout/pages/chosen_regions.h"
#include "core/model/recording.h"
#include "core/narrate/messages.h"
#include "core/scene/scene.h"

namespace procatlas {

struct PagesView {
    float width = 760;             // of the room at hand; wider where the columns do not fit
    std::size_t most_regions = 6;  // further ones are counted only
    std::optional<Address> only;   // the region there alone
};

// Where the pages of a cell are drawn.
struct PageCell {
    Box box;
    std::size_t process = 0;
    Address start = 0;
    std::uint64_t count = 1;
};

struct PagesScene {
    Scene scene;
    std::vector<PageCell> cells;

    // nullptr: none is there.
    [[nodiscard]] const PageCell* cell_at(Point point) const;
};

// As they were at `moment`, whose world `world` is; what was copied by that event is marked. Says what is missing where pages
// were not read. A region of more pages than there is room for has several in each cell, which shows how much of them is what.
[[nodiscard]] PagesScene layout_pages(const LayoutContext& context, std::span<const std::size_t> processes,
                                      const PagesView& view);

// What the page at an address is in each process: "0x7f..: PID 10 own, PID 11 shared", a line each.
[[nodiscard]] std::vector<std::string> page_lines(const World& world, std::span<const std::size_t> processes,
                                                  std::span<const ElfImage> images, Address start, std::uint64_t count,
                                                  const Messages& words);

}  // namespace procatlas
