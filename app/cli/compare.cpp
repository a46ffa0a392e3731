#include "app/cli/compare.h"

#include <fmt/format.h>

#include <cstdio>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "app/cli/exit_status.h"
#include "app/cli/terminal_text.h"
#include "app/control/compared_text.h"
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

void print_sentence(std::string_view text) {
    fmt::print("{}\n", terminal_text(text));
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
        for (const std::string& line : comparison_sentences(comparison, words)) {
            print_sentence(line);
        }
        for (const ComparedProcess& process : comparison.processes) {
            print_sentence(compared_process_name(process, words));
            for (const std::string& line : process_sentences(process, words)) {
                print_sentence("    " + line);
            }
        }
    }
    return std::fflush(stdout) == 0 ? exit_done : exit_failed;
}

}  // namespace procatlas
