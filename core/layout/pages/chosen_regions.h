// Chooses the regions whose pages are worth showing, and finds the same region in each process. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/model/world.h"
#include "core/narrate/messages.h"

namespace procatlas {

// A region that one or more processes have at the same addresses.
struct CommonRegion {
    Region region;                                  // of the first process that has it, extended to cover it in all
    std::string title;                              // "data · fork_write"; names also the other regions in its last page
    std::vector<AddressRanges> parts;               // for each process: the ranges where it has the region
    std::vector<std::optional<RegionPages>> pages;  // for each process, of its parts; nullopt: no region, or not read
};

struct ChosenRegions {
    std::vector<CommonRegion> regions;  // highest addresses first, but regions of libraries last
    std::size_t left_out = 0;
    bool read = false;  // the pages of at least one process were read
};

// Chooses at most `most` regions that are shared memory or have pages that were ever shared by a fork. The program's own
// regions come first. `only`: chooses just the region at this address, whatever its kind. A page that contains the end of one
// region and the start of the next counts once, for the first region.
[[nodiscard]] ChosenRegions choose_regions(const World& world, std::span<const std::size_t> processes,
                                           std::span<const ElfImage> images, const Messages& words, std::size_t most,
                                           std::optional<Address> only = std::nullopt);

}  // namespace procatlas
