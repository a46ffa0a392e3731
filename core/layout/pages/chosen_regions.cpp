#include "core/layout/pages/chosen_regions.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <tuple>

#include "core/base/text.h"
#include "core/model/memory_blocks.h"
#include "core/narrate/block_name.h"

namespace procatlas {
namespace {

// The program's own regions come first, then those made with mmap, then those of libraries.
constexpr int of_libraries = 2;
int importance(const Region& region) {
    if (is_shared_memory(region)) {
        return 0;
    }
    switch (region.kind) {
        case RegionKind::data:
        case RegionKind::bss:
        case RegionKind::heap:
        case RegionKind::stack:
        case RegionKind::shared_memory:
            return 0;
        case RegionKind::anonymous:
        case RegionKind::thread_stack:
            return 1;
        case RegionKind::code:
        case RegionKind::read_only_data:
        case RegionKind::shared_library:
        case RegionKind::mapped_file:
        case RegionKind::guard:
        case RegionKind::kernel:
            return of_libraries;
    }
    return of_libraries;
}

std::uint64_t anonymous_pages(const CommonRegion& common) {
    std::uint64_t most = 0;
    for (const auto& pages : common.pages) {
        most = std::max(most, pages ? pages->exclusive + pages->shared : 0);
    }
    return most;
}

std::string region_title(const Region& region, const Messages& words) {
    const Block block{region.kind, region.range, 0, 1, 0};
    std::string name = block_name(block, std::span(&region, 1), words);
    if (region.part != LibraryPart::none) {
        name += " · " + std::string(words.text("part." + std::string(library_part_name(region.part))));
    }
    return name;
}

// The name of a region as a part of the one before it: "BSS".
std::string part_title(const Region& region, const Messages& words) {
    return std::string(words.text(region.part == LibraryPart::none ? "region." + std::string(region_kind_name(region.kind))
                                                                   : "part." + std::string(library_part_name(region.part))));
}

struct PagedRegion {
    Region region;
    std::string title;
};

// The regions with bounds on page boundaries: a shared page belongs to the region in which it begins.
std::vector<PagedRegion> paged_regions(const Process& process, std::span<const ElfImage> images, const Messages& words) {
    const ByteCount page_size = process.pages ? process.pages->page_size : 4096;
    std::vector<PagedRegion> paged;
    for (Region& region : regions_of(process, images)) {
        const ByteCount over = region.range.start % page_size;
        if (over != 0 && !paged.empty() && paged.back().region.range.end == region.range.start) {
            const Address next_page = region.range.start - over + page_size;
            if (next_page >= region.range.end) {
                paged.back().region.range.end = region.range.end;
                paged.back().title += " + " + part_title(region, words);
                continue;
            }
            region.range.start = next_page;
        }
        std::string title = region_title(region, words);
        paged.push_back({std::move(region), std::move(title)});
    }
    return paged;
}

// By kind and start address, because there can be tens of thousands.
using PlaceKey = std::tuple<RegionKind, LibraryPart, Address>;
using CommonRegions = std::map<PlaceKey, CommonRegion>;

PlaceKey key_of(const Region& region) {
    return {region.kind, region.part, region.range.start};
}

CommonRegions::iterator find_overlapping(CommonRegions& all, const Region& region) {
    const auto is_it = [&](CommonRegions::iterator it) {
        const Region& other = it->second.region;
        return other.kind == region.kind && other.part == region.part && other.range.overlaps(region.range);
    };
    const auto after = all.upper_bound(key_of(region));
    if (after != all.begin() && is_it(std::prev(after))) {
        return std::prev(after);
    }
    return after != all.end() && is_it(after) ? after : all.end();
}

// Regions at the same addresses are one, even if one of them has grown or been cut since a fork.
void take_region(CommonRegions& all, const PagedRegion& paged, std::size_t column, std::size_t columns) {
    const Region& region = paged.region;
    auto found = find_overlapping(all, region);
    if (found == all.end()) {
        found = all.try_emplace(key_of(region), CommonRegion{region, paged.title, {}, {}}).first;
    } else if (region.range.start < found->second.region.range.start) {
        auto node = all.extract(found);
        node.key() = key_of(region);
        found = all.insert(std::move(node)).position;
    }
    CommonRegion& common = found->second;
    common.region.range = {std::min(common.region.range.start, region.range.start),
                           std::max(common.region.range.end, region.range.end)};
    common.parts.resize(columns);
    common.pages.resize(columns);
    common.parts[column].push_back(region.range);
}

// Adds up the pages of all parts of a region in each process.
void count_pages(CommonRegion& common, const World& world, std::span<const std::size_t> processes) {
    for (std::size_t i = 0; i < processes.size(); ++i) {
        const auto& pages = world.processes[processes[i]].pages;
        for (const AddressRange& part : pages ? common.parts[i] : AddressRanges()) {
            RegionPages more = pages_in(*pages, part, is_shared_memory(common.region));
            if (auto& all = common.pages[i]; !all) {
                all = std::move(more);
            } else {
                add_pages(*all, more);
            }
        }
    }
}

}  // namespace

ChosenRegions choose_regions(const World& world, std::span<const std::size_t> processes, std::span<const ElfImage> images,
                             const Messages& words, std::size_t most, std::optional<Address> only) {
    CommonRegions found;
    ChosenRegions chosen;
    for (std::size_t i = 0; i < processes.size(); ++i) {
        const Process& process = world.processes[processes[i]];
        chosen.read = chosen.read || process.pages;
        for (const PagedRegion& paged : paged_regions(process, images, words)) {
            if (!only || paged.region.range.contains(*only)) {
                take_region(found, paged, i, processes.size());
            }
        }
    }
    for (auto& [place, region] : found) {
        count_pages(region, world, processes);
        if (only || anonymous_pages(region) != 0) {
            chosen.regions.push_back(std::move(region));
        }
    }
    const auto rank = [](const CommonRegion& common) {
        return std::tuple(importance(common.region), ~anonymous_pages(common), common.region.range.start);
    };
    std::ranges::sort(chosen.regions, {}, rank);
    chosen.left_out = chosen.regions.size() > most ? chosen.regions.size() - most : 0;
    chosen.regions.resize(chosen.regions.size() - chosen.left_out);
    std::ranges::sort(chosen.regions, {}, [](const CommonRegion& common) {
        return std::tuple(importance(common.region) == of_libraries, ~common.region.range.start);
    });
    return chosen;
}

}  // namespace procatlas
