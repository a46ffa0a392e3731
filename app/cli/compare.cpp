#include "app/cli/compare.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "app/cli/exit_status.h"
#include "app/cli/terminal_text.h"
#include "app/control/open_recording.h"
#include "core/base/text.h"
#include "core/explore/compare.h"

namespace procatlas {
namespace {

using nlohmann::ordered_json;

ordered_json range_json(const AddressRange& range) {
    return range.size() == 0 ? ordered_json()
                             : ordered_json{{"start", hex_address(range.start)}, {"end", hex_address(range.end)}};
}

ordered_json or_null(const std::string& text) {
    return text.empty() ? ordered_json() : ordered_json(text);
}

ordered_json compared_json(const ComparedProcess& process) {
    ordered_json regions = ordered_json::array();
    for (const ComparedRegion& region : process.regions) {
        ordered_json row{{"kind", region_kind_name(region.kind)}};
        row["part"] = region.part == LibraryPart::none ? ordered_json() : ordered_json(library_part_name(region.part));
        row["file"] = or_null(display_text(region.file));
        row["change"] = region_change_name(region.change);
        row["first"] = range_json(region.first);
        row["second"] = range_json(region.second);
        regions.push_back(std::move(row));
    }
    return {{"name", process.name},
            {"pids", {process.pids.first, process.pids.second}},
            {"events", sameness_name(process.events)},
            {"output", sameness_name(process.output)},
            {"exit", {or_null(process.exit.first), or_null(process.exit.second)}},
            {"regions", std::move(regions)}};
}

void print_comparison_json(const Comparison& comparison) {
    ordered_json json{{"procatlas", PROCATLAS_VERSION},
                      {"all", sameness_name(comparison.all)},
                      {"output", sameness_name(comparison.output)},
                      {"order", sameness_name(comparison.order)}};
    json["parts_at"] =
        comparison.parts_at ? ordered_json{comparison.parts_at->first, comparison.parts_at->second} : ordered_json();
    json["only_first"] = comparison.only_first;
    json["only_second"] = comparison.only_second;
    ordered_json processes = ordered_json::array();
    for (const ComparedProcess& process : comparison.processes) {
        processes.push_back(compared_json(process));
    }
    json["processes"] = std::move(processes);
    fmt::print("{}\n", json.dump(2, ' ', false, ordered_json::error_handler_t::replace));
}

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

void print_sentence(std::string_view text) {
    fmt::print("{}\n", terminal_text(text));
}

void print_process(const ComparedProcess& process, const Messages& words) {
    print_sentence(words.format("compared.process", process.name, process.pids.first, process.pids.second));
    const auto say = [&](std::string_view what, Sameness sameness) {
        print_sentence(fmt::format("    {}", words.text(fmt::format("compared.{}_{}", what, sameness_name(sameness)))));
    };
    say("events", process.events);
    say("printed", process.output);
    if (process.exit.first != process.exit.second) {
        print_sentence(fmt::format("    {}", words.format("compared.exits", process.exit.first, process.exit.second)));
    }
    for (const RegionChange change : {RegionChange::equal, RegionChange::moved, RegionChange::resized, RegionChange::only_first,
                                      RegionChange::only_second}) {
        if (const std::string regions = regions_text(process, change, words); !regions.empty()) {
            print_sentence(
                fmt::format("    {}", words.format(fmt::format("compared.regions_{}", region_change_name(change)), regions)));
        }
    }
}

void print_comparison(const Comparison& comparison, const Messages& words) {
    print_sentence(words.text(fmt::format("compared.all_{}", sameness_name(comparison.all))));
    print_sentence(words.text(fmt::format("compared.output_{}", sameness_name(comparison.output))));
    print_sentence(words.text(fmt::format("compared.order_{}", sameness_name(comparison.order))));
    if (comparison.parts_at) {
        print_sentence(words.format("compared.parts_at", comparison.parts_at->first, comparison.parts_at->second));
    }
    for (const auto& [names, key] : {std::pair(&comparison.only_first, "compared.only_first"),
                                     std::pair(&comparison.only_second, "compared.only_second")}) {
        if (!names->empty()) {
            print_sentence(words.format(key, fmt::format("{}", fmt::join(*names, ", "))));
        }
    }
    for (const ComparedProcess& process : comparison.processes) {
        print_process(process, words);
    }
}

}  // namespace

int compare(const CompareArguments& arguments, const Messages& words) {
    const auto first = open_recording(arguments.first);
    const auto second = open_recording(arguments.second);
    for (const auto* opened : {&first, &second}) {
        if (!*opened) {
            fmt::print(stderr, "procatlas: {}\n", terminal_text(display_text(opened->error().message, true)));
            return exit_failed;
        }
    }
    const Comparison comparison = compare_recordings(first->loaded.recording, second->loaded.recording);
    if (arguments.json) {
        print_comparison_json(comparison);
    } else {
        print_comparison(comparison, words);
    }
    return std::fflush(stdout) == 0 ? exit_done : exit_failed;
}

}  // namespace procatlas
