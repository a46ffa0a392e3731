// World -> Scene: the pages of regions as cells, at the same place in each process's column. Pure.
#pragma once

#include <cstddef>
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
    float width = 760;             // available; wider if the columns do not fit
    std::size_t most_regions = 6;  // the others are only counted
    std::optional<Address> only;   // show only the region at this address
};

// The pages that a cell stands for, and where it is drawn.
struct PageCell {
    Box box;
    std::size_t process = 0;
    Address start = 0;
    std::uint64_t count = 1;
};

struct PagesScene {
    Scene scene;
    std::vector<PageCell> cells;
    Box copied;  // the region in which the event copied most pages, with its title; empty: none

    // nullptr: no cell is there.
    [[nodiscard]] const PageCell* cell_at(Point point) const;
};

// Shows the pages at `moment`, whose world is `world`, and marks those that its event copied. Says what is missing if pages
// were not read. If a region has too many pages, each cell stands for several and shows the proportion of each state.
[[nodiscard]] PagesScene layout_pages(const LayoutContext& context, std::span<const std::size_t> processes,
                                      const PagesView& view);

// How many processes have room side by side.
[[nodiscard]] std::size_t pages_columns_that_fit(float width);

// The state of the page at an address in each process, one line each: "0x7f..: PID 10 exclusive, PID 11 shared".
[[nodiscard]] std::vector<std::string> page_lines(const World& world, std::span<const std::size_t> processes,
                                                  std::span<const ElfImage> images, Address start, std::uint64_t count,
                                                  const Messages& words);

}  // namespace procatlas
