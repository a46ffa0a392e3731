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
#include "core/layout/pages/layout_compare.h"
#include "core/narrate/explain.h"
#include "core/narrate/missing_inside.h"
#include "core/narrate/pages_text.h"
#include "core/narrate/process_state.h"
#include "core/narrate/program_name.h"

namespace procatlas {
namespace {

// What was told of a long recording need not stay in memory.
constexpr std::size_t let_go_every = 1 << 14;  // moments
constexpr std::size_t let_go_every_processes = 1 << 10;

// The number of terminal columns of a text: Hangul and other wide characters take two.
std::size_t columns_of(std::string_view text) {
    std::size_t columns = 0;
    for (std::size_t at = 0; at < text.size();) {
        const char32_t c = next_code_point(text, at);
        const bool wide = (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) ||
                          (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
                          (c >= 0x1F300 && c <= 0x1FAFF) || (c >= 0x20000 && c <= 0x3FFFD);
        columns += wide ? 2 : 1;
    }
    return columns;
}

std::string padded(std::string text, std::size_t width) {
    const std::size_t columns = columns_of(text);
    text.append(columns < width ? width - columns : 0, ' ');
    return text;
}

// Its programs, the last one first; without a launcher's.
std::string program_text(const World& world, const Process& process) {
    if (&process == world.processes.data() && world.launcher_processes > 0) {
        return program_name(process);
    }
    std::string text;
    for (auto it = process.programs.rbegin(); it != process.programs.rend(); ++it) {
        const std::string name = text.empty() ? program_name(process) : display_text(base_name(*it));
        text += text.empty() ? name : " ← " + name;
    }
    return text.empty() ? "?" : text;
}

std::string fate_text(const Process& process, const Messages& words) {
    std::string text;
    if (process.vanished) {
        text = words.text("state.vanished");
    } else if (process.kernel_thread) {
        text = words.text("state.kernel");
    } else if (!process.exit) {
        text =
            process.waits_for != 0 ? words.format("state.waits_for", process.waits_for) : std::string(words.text("text.alive"));
    } else if (process.exit->signal) {
        text = words.format("text.killed_by", signal_text(*process.exit->signal, words));
    } else {
        text = words.format("text.exited", process.exit->code.value_or(0));
    }
    if (process.state == ProcessState::zombie) {
        text += words.text("text.never_reaped");
    }
    if (process.orphan) {
        text += words.format("text.orphan", process.parent_pid);
    }
    const std::size_t threads = process.alive() ? process.threads.size() : process.threads_made;
    if (threads > 1) {
        text += words.format("text.threads", threads);
    }
    return text;
}

class TreeText {
public:
    TreeText(const World& world, const Messages& words, TextPieces& out) : world_(world), words_(words), out_(out) {}

    // From the last to the first: children come after their parents.
    void leave_out_gone() {
        left_out_.resize(world_.processes.size());
        for (std::size_t i = world_.processes.size(); i-- > 0;) {
            const Process& process = world_.processes[i];
            left_out_[i] = process.state == ProcessState::gone &&
                           std::ranges::all_of(process.children, [&](std::size_t child) { return left_out_[child]; });
        }
    }

    void write() {
        out_ += fmt::format("{} {} {} {}\n", padded("PID", pid_width), padded("PPID", pid_width),
                            padded(std::string(words_.text("text.program")), program_width), words_.text("text.fate"));
        write_ancestors();
        for (std::size_t i = 0; i < world_.processes.size(); ++i) {
            if (!world_.processes[i].parent && !is_left_out(i)) {
                write_family(i);
            }
        }
        if (world_.launcher_processes > 0) {
            out_ += fmt::format("{}\n", words_.format(world_.launcher_processes == 1 ? "tree.launcher_one" : "tree.launcher",
                                                      world_.launcher_processes));
        }
    }

private:
    static constexpr std::size_t pid_width = 8;
    static constexpr std::size_t program_width = 44;
    static constexpr std::size_t deepest = 64;  // deeper branches are not indented further, so that none is left out

    // "Above: systemd 1 › bash 900 › procatlas 1200"
    void write_ancestors() {
        if (world_.ancestors.empty()) {
            return;
        }
        out_ += words_.text("text.ancestors");
        std::string_view between = " ";
        for (const Ancestor& ancestor : world_.ancestors | std::views::reverse) {
            out_ += fmt::format("{}{} {}", between, display_text(ancestor.name), ancestor.pid);
            between = " › ";
        }
        out_ += '\n';
    }

    struct Row {
        std::size_t process = 0;
        std::string lead;
        std::string_view branch;
        std::size_t depth = 0;
    };

    // The process and all below it. Families may be as deep as there are processes, so that this does not call itself.
    void write_family(std::size_t first) {
        std::vector<Row> rest{{first, "", "", 0}};
        while (!rest.empty() && out_.wanted()) {
            const Row row = std::move(rest.back());
            rest.pop_back();
            write_row(row);
            const bool deeper = row.depth < deepest && !row.branch.empty();
            const std::string below = deeper ? row.lead + (row.branch.starts_with("├") ? "│  " : "   ") : row.lead;
            const std::vector<std::size_t> children = children_of(row.process);
            for (std::size_t i = children.size(); i-- > 0;) {
                rest.push_back({children[i], below, i + 1 == children.size() ? "└─ " : "├─ ", row.depth + 1});
            }
        }
    }

    void write_row(const Row& row) {
        const Process& process = world_.processes[row.process];
        const std::int32_t parent = process.parent ? world_.processes[*process.parent].key.pid : process.parent_pid;
        out_ += fmt::format("{:<8} {:<8} {} {}\n", process.key.pid, parent,
                            padded(fmt::format("{}{}{}", row.lead, row.branch, program_text(world_, process)), program_width),
                            fate_text(process, words_));
    }

    // In place of a launcher's process, those that it made after the program had started.
    [[nodiscard]] std::vector<std::size_t> children_of(std::size_t index) const {
        std::vector<std::size_t> shown;
        std::vector<std::size_t> rest(world_.processes[index].children.rbegin(), world_.processes[index].children.rend());
        while (!rest.empty()) {
            const std::size_t child = rest.back();
            rest.pop_back();
            if (world_.is_of_launcher(child)) {
                const auto& below = world_.processes[child].children;
                rest.insert(rest.end(), below.rbegin(), below.rend());
            } else if (!is_left_out(child)) {
                shown.push_back(child);
            }
        }
        return shown;
    }

    [[nodiscard]] bool is_left_out(std::size_t index) const { return !left_out_.empty() && left_out_[index]; }

    const World& world_;
    const Messages& words_;
    TextPieces& out_;
    std::vector<bool> left_out_;  // empty: nobody
};

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
    out += fmt::format("\n{}  {}\n", process.key.pid, program_text(recording.last_world(), process));
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
