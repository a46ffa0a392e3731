#include "core/layout/listing/code_rows.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/model/inside_moment.h"
#include "core/narrate/missing_inside.h"

namespace procatlas {
namespace {

std::string source_line_of(const Recording& recording, const Instruction& instruction) {
    const SourceFile* source = instruction.line != 0 ? source_of(recording, instruction.file) : nullptr;
    if (!source) {
        return {};
    }
    const auto lines = lines_of(source->text);
    return instruction.line <= lines.size() ? std::string(lines[instruction.line - 1]) : std::string();
}

// "lea rax, [rip + 0xe73]" -> "lea rax, [rip + ______]"; the 8 of a register r8 stays.
std::string without_numbers(std::string_view text) {
    const auto in_word = [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = at;
        while (end < text.size() && in_word(text[end])) {
            ++end;
        }
        const bool number = end > at && text[at] >= '0' && text[at] <= '9';
        end = std::max(end, at + 1);
        out += number ? std::string_view("______") : text.substr(at, end - at);
        at = end;
    }
    return out;
}

}  // namespace

void leave_out_numbers(CodeRows& rows) {
    for (CodeRow& row : rows.rows) {
        row.bytes.clear();
        row.instruction.text = without_numbers(row.instruction.text);
        row.instruction.target_name = without_numbers(row.instruction.target_name);  // "factorial+0x1b"
    }
}

CodeRows code_rows(const MomentContext& context, std::size_t process, std::size_t around) {
    const auto& [recording, world, moment, words] = context;

    CodeRows found;
    const Process& who = world.processes[process];
    const ThreadState* thread = recording.empty() ? nullptr : shown_thread(who, recording.events()[moment]);
    if (!thread) {
        found.none = nothing_inside(recording, who, words);
        return found;
    }
    const Address counter = thread->program_counter;
    const FunctionCode* code = function_at(recording, who, counter);
    if (!code) {
        found.none.push_back(words.format("code.none", hex_address(counter)));
        return found;
    }
    found.function = code->function;
    found.program = code->program;
    found.range = code->range();
    found.why_cut = code->why_cut;
    const auto& all = code->instructions;
    const auto at = static_cast<std::size_t>(
        std::ranges::lower_bound(all, counter, {}, [](const Instruction& i) { return i.address + i.size - 1; }) - all.begin());
    const std::size_t first = at - std::min(at, around);
    const std::size_t last = std::min(all.size(), at + around + 1);
    found.left_out_above = first;
    found.left_out_below = all.size() - last;
    for (std::size_t i = first; i < last; ++i) {
        CodeRow row;
        row.instruction = all[i];
        row.offset = all[i].address - code->start;
        row.bytes = code->bytes.substr(row.offset, all[i].size);
        row.current = all[i].address == counter;
        row.source_line = source_line_of(recording, all[i]);
        found.rows.push_back(std::move(row));
    }
    return found;
}

}  // namespace procatlas
