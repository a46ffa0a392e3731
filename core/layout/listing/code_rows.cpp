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

}  // namespace

CodeRows code_rows(const MomentContext& context, std::size_t process, std::size_t around) {
    const auto& [recording, world, moment, words] = context;

    CodeRows found;
    const Process& who = world.processes[process];
    const ThreadState* thread = recording.empty() ? nullptr : shown_thread(who, recording.events()[moment]);
    if (!thread) {
        found.none = nothing_inside(who, words);
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
