#include "core/export/data/dot_export.h"

#include <fmt/format.h>

#include <iterator>
#include <span>
#include <vector>

#include "core/export/data/process_lines.h"
#include "core/narrate/event_mark.h"
#include "core/narrate/family_names.h"

namespace procatlas {

namespace {

std::string_view style_of(const Process& process) {
    const bool zombie = process.state == ProcessState::zombie;
    if (process.orphan) {
        return zombie ? ", shape=octagon, style=dashed, peripheries=2"
                      : (process.alive() ? ", peripheries=2" : ", style=\"rounded,dashed\", peripheries=2");
    }
    return zombie ? ", shape=octagon, style=dashed" : (process.alive() ? "" : ", style=\"rounded,dashed\"");
}

std::string dot_label_of(const MomentContext& context, std::size_t index, std::span<const std::string> names) {
    std::string label;
    for (const std::string& line : process_lines(context, index, names)) {
        label += (label.empty() ? "" : "\\n") + dot_text(line);
    }
    return label;
}

}  // namespace

std::string dot_text(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '&') {
            out += "&amp;";
        } else {
            out += c;
        }
    }
    return out;
}

std::string tree_dot(const MomentContext& context) {
    const World& world = context.world;
    const std::vector<std::string> names = family_names(world);
    std::string out =
        "digraph processes {\n"
        "    charset=\"UTF-8\";\n"
        "    fontname=\"sans-serif\";\n"
        "    node [shape=box, style=rounded, fontname=\"sans-serif\"];\n"
        "    edge [fontname=\"sans-serif\", fontsize=11];\n";
    for (std::size_t i = 0; i < world.processes.size(); ++i) {
        const Process& process = world.processes[i];
        fmt::format_to(std::back_inserter(out), "    p{} [label=\"{}\"{}];\n", i, dot_label_of(context, i, names),
                       style_of(process));
        if (process.parent) {
            fmt::format_to(std::back_inserter(out), "    p{} -> p{} [label=\"{}\"{}];\n", *process.parent, i,
                           dot_text(birth_word(process.born_by, context.words)), process.orphan ? ", style=dashed" : "");
        }
    }
    return out + "}\n";
}

}  // namespace procatlas
