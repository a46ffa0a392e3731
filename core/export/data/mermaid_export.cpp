#include "core/export/data/mermaid_export.h"

#include <fmt/format.h>

#include <iterator>
#include <utility>

#include "core/export/data/process_lines.h"
#include "core/narrate/event_mark.h"

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

std::string mermaid_label_of(const Process& process, const Messages& words) {
    std::string label;
    for (const std::string& line : process_lines(process, words)) {
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

std::string tree_mermaid(const World& world, const Messages& words) {
    std::string out = "flowchart TD\n    classDef gone stroke-dasharray: 4 4\n";
    for (std::size_t i = 0; i < world.processes.size(); ++i) {
        const Process& process = world.processes[i];
        const auto [open, close] = brackets_of(process);
        fmt::format_to(std::back_inserter(out), "    p{}{}\"{}\"{}{}\n", i, open, mermaid_label_of(process, words), close,
                       process.alive() ? "" : ":::gone");
        if (process.parent) {
            fmt::format_to(std::back_inserter(out), "    p{} {}|\"{}\"| p{}\n", *process.parent,
                           process.orphan ? "-.->" : "-->",
                           mermaid_text(birth_word(process.born_by, words)), i);
        }
    }
    return out;
}

}  // namespace procatlas
