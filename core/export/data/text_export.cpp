#include "core/export/data/text_export.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <ranges>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/text.h"
#include "core/export/data/inside_text.h"
#include "core/export/data/text_pieces.h"
#include "core/export/data/tree_text.h"
#include "core/layout/pages/layout_compare.h"
#include "core/narrate/explain.h"
#include "core/narrate/missing_inside.h"
#include "core/narrate/pages_text.h"

namespace procatlas {
namespace {

// What was told of a long recording need not stay in memory.
constexpr std::size_t let_go_every = 1 << 14;  // moments
constexpr std::size_t let_go_every_processes = 1 << 10;

std::string region_name(const Region& region, const Messages& words) {
    std::string name(words.text(fmt::format("region.{}", region_kind_name(region.kind))));
    if (region.arena && region.kind == RegionKind::heap) {
        name = words.text("region.arena");
    }
    if (region.part != LibraryPart::none) {
        name += fmt::format(" · {}", words.text(fmt::format("part.{}", library_part_name(region.part))));
    }
    return name;
}

void write_memory(const Process& process, const Recording& recording, bool with_pages, const Messages& words, TextPieces& out) {
    const auto regions = regions_of(process, recording.images());
    out += fmt::format("\n{}  {}\n", process.key.pid, programs_text(recording.last_world(), process));
    if (!process.alive()) {
        out += fmt::format("  {}\n", words.text(process.state == ProcessState::zombie ? "memory.zombie" : "memory.was"));
    }
    if (regions.empty()) {
        out += fmt::format("  {}\n", words.text(process.kernel_thread ? "memory.kernel" : "memory.not_read"));
        return;
    }
    if (process.changes_not_read != 0) {
        out += fmt::format("  {}\n", words.format("memory.as_of", process.memory_moment));
    }
    for (const Region& region : regions | std::views::reverse) {
        const std::string_view file = region.file.empty() ? std::string_view(region.label) : std::string_view(region.file);
        std::string row =
            fmt::format("  {}-{}  {:>9}  {}  {} {}", address_text(region.range.start), address_text(region.range.end),
                        size_text(region.range.size()), permissions_text(region.permissions),
                        padded(region_name(region, words), 32), display_text(file));
        row.erase(row.find_last_not_of(' ') + 1);
        out += row + '\n';
        if (const auto pages = pages_of(process, region);
            with_pages && pages && (pages->present() + pages->swapped + pages->unread) != 0) {
            out += fmt::format("  {:>38}{}\n", "", pages_text(*pages, words));
        }
    }
}

// Why processes that were to be held at a finer grain were not; each reason once.
void write_missing(const World& world, const Messages& words, TextPieces& out) {
    constexpr std::size_t most = 20;
    std::vector<std::string> told;
    for (std::size_t i = 0; i < world.processes.size() && told.size() < most; ++i) {
        for (std::string& sentence :
             world.is_of_launcher(i) ? std::vector<std::string>() : missing_grains(world.processes[i], words)) {
            if (std::ranges::find(told, sentence) == told.end()) {
                out += fmt::format("! {}\n", sentence);
                told.push_back(std::move(sentence));
            }
        }
    }
}

// Lists variables with one name and address but two values, which shows what copying a page is for.
void write_split_variables(const World& world, const Messages& words, TextPieces& out) {
    std::vector<std::size_t> all(world.processes.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    const auto variables = split_variables(world, all);
    if (variables.empty()) {
        return;
    }
    out += fmt::format("\n{}\n", words.text("compare.variables"));
    for (const SplitVariable& variable : variables) {
        std::string values;
        for (std::size_t i = 0; i < variable.values.size(); ++i) {
            if (!variable.values[i].empty()) {
                values += fmt::format("  {}: {}", world.processes[i].key.pid, display_text(variable.values[i]));
            }
        }
        out += fmt::format("  {} {}{}\n", hex_address(variable.address), display_text(variable.name), values);
    }
}

// What was seen of processes that were there before, a line each; the last ones, if there are very many. Gaps and notes are
// told elsewhere.
void write_events(const Recording& recording, const Messages& words, TextPieces& out) {
    constexpr std::size_t most = 1000;
    const World& world = recording.last_world();
    std::vector<std::size_t> moments;
    for (std::size_t moment = 0; moment < recording.events().size(); ++moment) {
        if (recording.events()[moment].process) {
            moments.push_back(moment);
        }
    }
    const std::size_t first = moments.size() - std::min(moments.size(), most);
    out += fmt::format("\n{}\n", words.text("text.events"));
    if (first > 0) {
        out += fmt::format("{}\n", words.format("text.events_before", first));
    }
    for (const std::size_t moment : std::span(moments).subspan(first)) {
        const Event& event = recording.events()[moment];
        constexpr double second = 1e9;
        out += fmt::format("{:<8} {:>9.3f} s  {}\n", event.process.pid, static_cast<double>(event.time_ns) / second,
                           explain({recording, world, moment, words}));
    }
}

bool was_found(const World& world) {
    return !world.processes.empty() && world.processes.front().found;
}

// What one process printed to one target: the moments, because a recording may hold very much.
struct Printed {
    ProcessKey process;
    std::string target;  // empty: the terminal
    std::vector<std::size_t> moments;
};

std::vector<Printed> printed_in(const Recording& recording) {
    std::map<std::pair<ProcessKey, std::string>, std::size_t> places;
    std::vector<Printed> all;
    for (const std::size_t moment : recording.output_moments()) {
        const Event& event = recording.events()[moment];
        std::string target = target_name(std::get<OutputEvent>(event.detail));
        const auto [place, fresh] = places.try_emplace({event.process, target}, all.size());
        if (fresh) {
            all.push_back({event.process, std::move(target), {}});
        }
        all[place->second].moments.push_back(moment);
    }
    return all;
}

std::string text_of(const Printed& printed, const Recording& recording, const Messages& words) {
    std::string text;
    for (const std::size_t moment : printed.moments) {
        const auto& output = std::get<OutputEvent>(recording.events()[moment].detail);
        text += output.text;
        if (output.size > output.text.size()) {
            const bool of_its_own = output.text.empty();  // a piece of the output, not the end of a line
            text += of_its_own && !text.empty() && !text.ends_with('\n') ? "\n" : "";
            text += words.format("text.cut", output.size - output.text.size());
            text += '\n';  // what comes next is not on the line that was begun
        }
    }
    return text;
}

void write_output(const Recording& recording, const Messages& words, TextPieces& out) {
    const std::vector<Printed> all = printed_in(recording);
    for (const Printed& printed : all) {
        const ProcessKey& key = printed.process;
        const std::string to = printed.target.empty() ? std::string() : "→ " + display_text(printed.target) + ": ";
        const std::string whole = text_of(printed, recording, words);
        std::string_view text = whole;
        while (!text.empty() && out.wanted()) {
            const auto end = text.find('\n');
            std::string_view line = text.substr(0, end);
            if (line.ends_with('\r')) {
                line.remove_suffix(1);
            }
            out += fmt::format("{:<8} {}{}\n", key ? std::to_string(key.pid) : "?", to, display_text(line, true));
            text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        }
    }
    if (all.empty()) {
        out += fmt::format("{}\n", words.text(was_found(recording.last_world()) ? "text.output_not_seen" : "text.no_output"));
    }
}

}  // namespace

std::string present_tree_text(const World& world, const Messages& words) {
    return gathered([&](const TakeText& take) {
        TextPieces out(take);
        TreeText tree(world, words, out);
        tree.leave_out_gone();
        tree.write();
        out.finish();
    });
}

std::string watched_text(const Recording& recording, const Messages& words) {
    return gathered([&](const TakeText& take) {
        TextPieces out(take);
        TreeText(recording.last_world(), words, out).write();
        write_events(recording, words, out);
        out.finish();
    });
}

std::string recording_text(const Recording& recording, const Messages& words, bool with_pages) {
    return gathered([&](const TakeText& take) { give_recording_text(recording, words, with_pages, take); });
}

void give_recording_text(const Recording& recording, const Messages& words, bool with_pages, const TakeText& take) {
    const World& world = recording.last_world();
    TextPieces out(take);
    if (const auto& how = recording.how_followed(); how && how->grain != Grain::none) {
        out += fmt::format("{} {}\n\n", words.text("text.grain"),
                           words.format(how->code == FollowedCode::own ? "text.own_code" : "text.with_libraries",
                                        words.text("toolbar." + std::string(grain_name(*how)))));
    }
    out += fmt::format("{}\n", words.text("text.processes"));
    TreeText(world, words, out).write();
    for (std::size_t moment = 0; moment < recording.events().size() && out.wanted(); ++moment) {
        if (moment % let_go_every == 0) {
            recording.let_go();
        }
        const Event& event = recording.events()[moment];
        if (std::holds_alternative<GapEvent>(event.detail) || std::holds_alternative<NoteEvent>(event.detail)) {
            const auto* note = std::get_if<NoteEvent>(&event.detail);
            if (!note || note->code != NoteCode::all_ended) {
                out += fmt::format("! {}\n", explain({recording, world, moment, words}));
            }
        }
        if (with_pages && !event.copied.empty()) {
            out += fmt::format("{}\n",
                               words.format("text.copied", moment, explain_copied(event, world, recording.images(), words)));
        }
    }
    if (was_found(world)) {
        write_events(recording, words, out);
    }
    write_missing(world, words, out);
    if (const std::string inside = inside_text(recording, world, words); !inside.empty()) {
        out += fmt::format("\n{}\n{}", words.text("text.inside"), inside);
    }
    out += fmt::format("\n{}\n", words.text("text.memory"));
    for (std::size_t i = 0; i < world.processes.size() && out.wanted(); ++i) {
        if (i % let_go_every_processes == 0) {
            recording.let_go();
        }
        if (!world.is_of_launcher(i)) {
            write_memory(world.processes[i], recording, with_pages, words, out);
            world.processes[i].memory.let_go();
        }
    }
    write_split_variables(world, words, out);
    out += fmt::format("\n{}\n", words.text("text.output"));
    write_output(recording, words, out);
    out.finish();
}

}  // namespace procatlas
