// Which regions of some processes are worth looking at page by page, and the same region in each of them. Pure.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/layout/words.h"
#include "core/model/world.h"

namespace procatlas {

// A region at one place of the address space, in each process that has it there.
struct CommonRegion {
    Region region;                                  // as the first process that has it has it, but as far as in any of them
    std::vector<std::optional<RegionPages>> pages;  // for each process; none: not there, or not read
};

struct ChosenRegions {
    std::vector<CommonRegion> regions;  // those of libraries last; highest addresses first
    std::size_t left_out = 0;
};

// Those with pages that are or were shared by fork, or that are shared memory: at most `most`, the program's own first.
// `only`: the region there alone, whatever it is.
[[nodiscard]] ChosenRegions choose_regions(const World& world, std::span<const std::size_t> processes,
                                           std::span<const ElfImage> images, std::size_t most,
                                           std::optional<Address> only = std::nullopt);

// "data · fork_write", "stack": what a region is called over its pages.
[[nodiscard]] std::string region_title(const Region& region, const Words& words);

}  // namespace procatlas
