#include "core/export/data/mermaid_export.h"

#include <fmt/format.h>

#include <iterator>
#include <span>
#include <utility>
#include <vector>

#include "core/export/data/process_lines.h"
#include "core/narrate/event_mark.h"
#include "core/narrate/family_names.h"

namespace procatlas {

namespace {

bool is_plain(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == ' ' ||
           static_cast<unsigned char>(c) >= 0x80;
}

std::pair<std::string_view, std::string_view> brackets_of(const Process& process) {
    if (process.state == ProcessState::zombie) {
        return {"{{", "}}"};
    }
    return process.orphan ? std::pair<std::string_view, std::string_view>{"([", "])"}
                          : std::pair<std::string_view, std::string_view>{"[", "]"};
}

std::string mermaid_label_of(const MomentContext& context, std::size_t index, std::span<const std::string> names) {
    std::string label;
    for (const std::string& line : process_lines(context, index, names)) {
        label += (label.empty() ? "" : "<br/>") + mermaid_text(line);
    }
    return label;
}

}  // namespace

std::string mermaid_text(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (is_plain(c)) {
            out += c;
        } else {
            fmt::format_to(std::back_inserter(out), "#{};", static_cast<int>(c));
        }
    }
    return out;
}

std::string tree_mermaid(const MomentContext& context) {
    const World& world = context.world;
    const std::vector<std::string> names = family_names(world);
    std::string out = "flowchart TD\n    classDef gone stroke-dasharray: 4 4\n";
    for (std::size_t i = 0; i < world.processes.size(); ++i) {
        const Process& process = world.processes[i];
        const auto [open, close] = brackets_of(process);
        fmt::format_to(std::back_inserter(out), "    p{}{}\"{}\"{}{}\n", i, open, mermaid_label_of(context, i, names), close,
                       process.alive() ? "" : ":::gone");
        if (process.parent) {
            fmt::format_to(std::back_inserter(out), "    p{} {}|\"{}\"| p{}\n", *process.parent,
                           process.orphan ? "-.->" : "-->", mermaid_text(birth_word(process.born_by, context.words)), i);
        }
    }
    return out;
}

}  // namespace procatlas
