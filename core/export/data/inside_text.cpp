#include "core/export/data/inside_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <vector>

#include "core/base/text.h"
#include "core/model/inside.h"
#include "core/model/inside_moment.h"
#include "core/narrate/code_text.h"
#include "core/narrate/function_name.h"
#include "core/narrate/program_name.h"
#include "core/narrate/reasons.h"

namespace procatlas {
namespace {

constexpr std::size_t most_frames = 50;
constexpr std::size_t most_variables = 40;  // of a frame
constexpr std::size_t longest_value = 200;  // characters

std::string line_text(const Recording& recording, const StackFrame& frame) {
    const SourceFile* source = source_of(recording, frame.file);
    if (!source || !source->why_not.empty()) {
        return {};
    }
    const auto lines = lines_of(source->text);
    const bool there = frame.line >= 1 && frame.line <= lines.size();
    return there ? first_characters(display_text(without_comment(lines[frame.line - 1])), longest_value) : std::string();
}

void write_variables(const std::vector<Variable>& variables, std::string_view indent, const Messages& words, std::string& out) {
    for (std::size_t i = 0; i < std::min(variables.size(), most_variables); ++i) {
        const Variable& variable = variables[i];
        const std::string value =
            variable.value.empty() ? std::string() : " = " + first_characters(display_text(variable.value), longest_value);
        const std::string why =
            variable.why_not.empty()
                ? std::string()
                : " · " + first_characters(display_text(reason_text(variable.why_not, words)), longest_value);
        out += fmt::format("{}{}{}{}\n", indent, display_text(variable.name), value, why);
    }
    if (variables.size() > most_variables) {
        out += fmt::format("{}… {}\n", indent, variables.size() - most_variables);
    }
}

void write_stack(const Recording& recording, const Stack& stack, const Messages& words, std::string& out) {
    for (std::size_t i = 0; i < std::min(stack.frames.size(), most_frames); ++i) {
        const StackFrame& frame = *stack.frames[i];
        const std::string name =
            frame.function.empty() ? hex_address(frame.program_counter) : with_brackets(display_text(frame.function));
        const std::string place =
            frame.file.empty() ? std::string() : fmt::format("{}:{}", display_text(base_name(frame.file)), frame.line);
        std::string text = fmt::format("  {:<24} {:<20} {}", name, place, line_text(recording, frame));
        text.erase(text.find_last_not_of(' ') + 1);
        out += text + "\n";
        write_variables(frame.variables, "      ", words, out);
    }
    if (stack.frames.size() > most_frames) {
        out += fmt::format("  … {}\n", stack.frames.size() - most_frames);
    }
    if (!stack.why_cut.empty()) {
        out += fmt::format("  … {}\n", display_text(reason_text(stack.why_cut, words)));
    }
}

}  // namespace

std::string inside_text(const Recording& recording, const World& world, const Messages& words) {
    std::string out;
    for (const Process& process : world.processes) {
        if (!process.alive()) {
            continue;
        }
        for (const ThreadState& thread : process.threads) {
            if (thread.stack && !thread.stack->frames.empty()) {
                out += fmt::format("\n{}  {}\n", thread.thread, display_text(program_name(process)));
                write_stack(recording, *thread.stack, words, out);
            }
        }
        if (process.globals && !process.globals->empty()) {
            const bool of_python = std::ranges::any_of(
                process.threads, [](const ThreadState& thread) { return thread.stack && is_of_python(*thread.stack); });
            out += fmt::format("  {}\n", words.text(of_python ? "stack.python_globals" : "stack.globals"));
            write_variables(*process.globals, "      ", words, out);
        }
    }
    return out;
}

}  // namespace procatlas
