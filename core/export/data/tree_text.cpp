#include "core/export/data/tree_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <ranges>
#include <utility>

#include "core/base/text.h"
#include "core/narrate/process_state.h"
#include "core/narrate/program_name.h"

namespace procatlas {
namespace {

constexpr std::size_t pid_width = 8;
constexpr std::size_t program_width = 44;
constexpr std::size_t deepest = 64;  // deeper branches are not indented further, so that none is left out

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

}  // namespace

std::string padded(std::string text, std::size_t width) {
    const std::size_t columns = columns_of(text);
    text.append(columns < width ? width - columns : 0, ' ');
    return text;
}

std::string programs_text(const World& world, const Process& process) {
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

// From the last to the first: children come after their parents.
void TreeText::leave_out_gone() {
    left_out_.resize(world_.processes.size());
    for (std::size_t i = world_.processes.size(); i-- > 0;) {
        const Process& process = world_.processes[i];
        left_out_[i] = process.state == ProcessState::gone &&
                       std::ranges::all_of(process.children, [&](std::size_t child) { return left_out_[child]; });
    }
}

void TreeText::write() {
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

// "Above: systemd 1 › bash 900 › procatlas 1200"
void TreeText::write_ancestors() {
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

// The process and all below it. Families may be as deep as there are processes, so that this does not call itself.
void TreeText::write_family(std::size_t first) {
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

void TreeText::write_row(const Row& row) {
    const Process& process = world_.processes[row.process];
    const std::int32_t parent = process.parent ? world_.processes[*process.parent].key.pid : process.parent_pid;
    out_ += fmt::format("{:<8} {:<8} {} {}\n", process.key.pid, parent,
                        padded(fmt::format("{}{}{}", row.lead, row.branch, programs_text(world_, process)), program_width),
                        fate_text(process, words_));
}

// In place of a launcher's process, those that it made after the program had started.
std::vector<std::size_t> TreeText::children_of(std::size_t index) const {
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

}  // namespace procatlas
