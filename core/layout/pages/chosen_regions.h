// Which regions of some processes are worth looking at page by page, and the same region in each of them. Pure.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/model/world.h"
#include "core/narrate/messages.h"

namespace procatlas {

// A region at one place of the address space, in each process that has it there.
struct CommonRegion {
    Region region;                                  // as the first process that has it has it, but as far as in any of them
    std::string title;                              // "data · fork_write"; with what else lies in its last page
    std::vector<AddressRanges> parts;               // for each process: where it has it
    std::vector<std::optional<RegionPages>> pages;  // for each process, of its parts; none: not there, or not read
};

struct ChosenRegions {
    std::vector<CommonRegion> regions;  // those of libraries last; highest addresses first
    std::size_t left_out = 0;
    bool read = false;  // the pages of one of the processes at least
};

// A page in which one region ends and the next one begins belongs to the first: it is one page, and is counted once.
// Those with pages that are or were shared by fork, or that are shared memory: at most `most`, the program's own first.
// `only`: the region there alone, whatever it is.
[[nodiscard]] ChosenRegions choose_regions(const World& world, std::span<const std::size_t> processes,
                                           std::span<const ElfImage> images, const Messages& words, std::size_t most,
                                           std::optional<Address> only = std::nullopt);

}  // namespace procatlas
