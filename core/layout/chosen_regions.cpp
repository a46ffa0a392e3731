#include "core/layout/chosen_regions.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "core/base/text.h"
#include "core/layout/memory_blocks.h"

namespace procatlas {
namespace {

// What a program itself has comes first, then what was made with mmap, then what libraries have.
constexpr int of_libraries = 2;
int importance(const Region& region) {
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
        default:
            return of_libraries;
    }
}

std::uint64_t anonymous_pages(const CommonRegion& common) {
    std::uint64_t most = 0;
    for (const auto& pages : common.pages) {
        most = std::max(most, pages ? pages->own + pages->shared : 0);
    }
    return most;
}

}  // namespace

ChosenRegions choose_regions(const World& world, std::span<const std::size_t> processes, std::span<const ElfImage> images,
                             std::size_t most, std::optional<Address> only) {
    std::map<std::pair<Address, RegionKind>, CommonRegion> by_place;
    for (std::size_t i = 0; i < processes.size(); ++i) {
        const Process& process = world.processes[processes[i]];
        for (const Region& region : regions_of(process, images)) {
            if (only && !region.range.contains(*only)) {
                continue;
            }
            CommonRegion& common =
                by_place.try_emplace({region.range.start, region.kind}, CommonRegion{region, {}}).first->second;
            common.region.range.end = std::max(common.region.range.end, region.range.end);
            common.pages.resize(processes.size());
            common.pages[i] = pages_of(process, region);
        }
    }
    ChosenRegions chosen;
    for (auto& [place, common] : by_place) {
        if (only || anonymous_pages(common) != 0) {
            chosen.regions.push_back(std::move(common));
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

std::string region_title(const Region& region, const Words& words) {
    const Block block{region.kind, region.range, 0, 1, 0};
    std::string name = block_name(block, std::span(&region, 1), words);
    if (region.part != LibraryPart::none) {
        name += " · " + std::string(words.text("part." + std::string(library_part_name(region.part))));
    }
    return name;
}

}  // namespace procatlas
