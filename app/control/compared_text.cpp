#include "app/control/compared_text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include "core/base/text.h"

namespace procatlas {
namespace {

// "3 × code, heap" of the regions with that change, by the words of their kinds.
std::string regions_text(const ComparedProcess& process, RegionChange change, const Messages& words) {
    std::vector<std::pair<RegionKind, std::size_t>> counts;
    for (const ComparedRegion& region : process.regions) {
        if (region.change != change) {
            continue;
        }
        const auto known = std::ranges::find(counts, region.kind, &std::pair<RegionKind, std::size_t>::first);
        if (known == counts.end()) {
            counts.emplace_back(region.kind, 1);
        } else {
            ++known->second;
        }
    }
    std::vector<std::string> parts;
    for (const auto& [kind, count] : counts) {
        const std::string name(words.text(fmt::format("region.{}", region_kind_name(kind))));
        parts.push_back(count == 1 ? name : fmt::format("{} ×{}", name, count));
    }
    return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace

std::vector<std::string> comparison_sentences(const Comparison& comparison, const Messages& words) {
    std::vector<std::string> said;
    for (const auto& [what, sameness] :
         {std::pair("all", comparison.all), std::pair("output", comparison.output), std::pair("order", comparison.order)}) {
        said.emplace_back(words.text(fmt::format("compared.{}_{}", what, sameness_name(sameness))));
    }
    if (comparison.parts_at) {
        said.push_back(words.format("compared.parts_at", comparison.parts_at->first, comparison.parts_at->second));
    }
    for (const auto& [names, key] : {std::pair(&comparison.only_first, "compared.only_first"),
                                     std::pair(&comparison.only_second, "compared.only_second")}) {
        if (!names->empty()) {
            said.push_back(words.format(key, fmt::format("{}", fmt::join(*names, ", "))));
        }
    }
    return said;
}

std::string compared_process_name(const ComparedProcess& process, const Messages& words) {
    return words.format("compared.process", process.name, process.pids.first, process.pids.second);
}

std::vector<std::string> process_sentences(const ComparedProcess& process, const Messages& words) {
    std::vector<std::string> said;
    for (const auto& [what, sameness] : {std::pair("events", process.events), std::pair("printed", process.output)}) {
        said.emplace_back(words.text(fmt::format("compared.{}_{}", what, sameness_name(sameness))));
    }
    if (process.exit.first != process.exit.second) {
        said.push_back(words.format("compared.exits", process.exit.first, process.exit.second));
    }
    for (const RegionChange change : {RegionChange::equal, RegionChange::moved, RegionChange::resized, RegionChange::only_first,
                                      RegionChange::only_second}) {
        if (const std::string regions = regions_text(process, change, words); !regions.empty()) {
            said.push_back(words.format(fmt::format("compared.regions_{}", region_change_name(change)), regions));
        }
    }
    return said;
}

std::vector<std::string> moved_areas(const ComparedProcess& process, const Messages& words) {
    constexpr std::array known{RegionKind::code, RegionKind::data, RegionKind::heap, RegionKind::stack};
    std::vector<std::string> said;
    for (const ComparedRegion& region : process.regions) {
        const bool tells = std::ranges::find(known, region.kind) != known.end() && region.part == LibraryPart::none;
        if (tells && region.change == RegionChange::moved) {
            said.push_back(words.format("compared.moved_area",
                                        words.text(fmt::format("region.{}", region_kind_name(region.kind))),
                                        hex_address(region.first.start), hex_address(region.second.start)));
        }
    }
    return said;
}

}  // namespace procatlas
