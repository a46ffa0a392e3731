#include "core/export/data/process_lines.h"

#include <tuple>

#include "core/base/text.h"
#include "core/narrate/process_state.h"
#include "core/narrate/program_name.h"

namespace procatlas {

namespace {

constexpr std::size_t longest_name = 60;  // characters

std::string shortened(const std::string& name) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < longest_name && at < name.size(); ++i) {
        std::ignore = next_code_point(name, at);
    }
    return at < name.size() ? name.substr(0, at) + "…" : name;
}

std::string program_line(const Process& process, const Messages& words) {
    if (process.programs.empty()) {
        return std::string(words.text("tree.no_program"));
    }
    std::string line = shortened(program_name(process));
    if (process.made_by_exec && process.programs.size() > 1) {
        line += " ← " + shortened(display_text(base_name(process.programs[process.programs.size() - 2])));
    }
    return line;
}

}  // namespace

std::vector<std::string> process_lines(const MomentContext& context, std::size_t index, std::span<const std::string> names) {
    const Process& process = context.world.processes[index];
    const Messages& words = context.words;
    std::vector<std::string> lines{names[index] + " " + std::to_string(process.key.pid), program_line(process, words),
                                   state_at_moment(context, process, names)};
    if (process.orphan) {
        lines.emplace_back(words.text("tree.orphan"));
    }
    return lines;
}

}  // namespace procatlas
