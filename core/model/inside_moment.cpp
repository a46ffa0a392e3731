#include "core/model/inside_moment.h"

#include <algorithm>
#include <utility>

#include "core/base/text.h"

namespace procatlas {

const ThreadState* shown_thread(const Process& process, const Event& event) {
    const bool own_event = event.process == process.key;
    const auto found = std::ranges::find_if(
        process.threads, [&](const ThreadState& t) { return t.stack && (!own_event || t.thread == event.thread); });
    if (found != process.threads.end()) {
        return &*found;
    }
    const auto any = std::ranges::find_if(process.threads, [](const ThreadState& t) { return t.stack != nullptr; });
    return any == process.threads.end() ? nullptr : &*any;
}

InsideBefore inside_before(const Recording& recording, std::size_t process, std::int32_t thread, std::size_t moment) {
    constexpr std::size_t most = 10'000;  // events to look at
    InsideBefore before;
    bool last_seen = false;
    bool born = false;  // seen: from here on back it is the parent
    const auto take = [](auto& part, const auto& read) { part = part ? part : read.get(); };
    const std::size_t end = moment < most ? 0 : moment - most;
    for (std::size_t at = std::min(moment, recording.last_moment()) + 1; at-- > end && !before.stack;) {
        const Event& event = recording.events()[at];
        if (!born && recording.born_at(at) == process && std::holds_alternative<ForkEvent>(event.detail) && last_seen) {
            const auto parent = recording.process_of(at);
            if (!parent) {
                break;
            }
            process = *parent;
            thread = event.thread;
            born = true;
        }
        if (recording.process_of(at) != process) {
            continue;
        }
        if (last_seen && std::holds_alternative<ExecEvent>(event.detail)) {
            break;  // the memory before it was another one
        }
        if (!event.inside || !event.inside->stack) {
            continue;
        }
        if (std::exchange(last_seen, true)) {
            // Any thread may have been the last to change what all of them share.
            take(before.globals, event.inside->globals);
            take(before.heap, event.inside->heap);
            take(before.objects, event.inside->objects);
            take(before.pieces, event.inside->pieces);
            before.stack = event.thread == thread ? event.inside->stack.get() : nullptr;
        }
    }
    return before;
}

bool has_no_value_yet(const Variable& variable) {
    return !variable.value.empty() && !variable.why_not.empty();
}

Address lowest_in_use(const Stack& stack, Address stack_pointer) {
    constexpr Address red_zone = 128;
    constexpr Address word = 8;
    Address lowest = stack_pointer;
    if (!stack.frames.empty()) {
        for (const Variable& variable : stack.frames.front()->variables) {
            if (variable.address < stack_pointer && variable.address >= stack_pointer - red_zone) {
                lowest = std::min(lowest, variable.address & ~(word - 1));
            }
        }
    }
    return lowest;
}

const StackFrame* own_frame(const ThreadState& thread, const Event& event) {
    if (!thread.stack) {
        return nullptr;
    }
    const auto& frames = thread.stack->frames;
    const auto is_known = [](const auto& f) { return f->own && !f->file.empty() && f->line != 0; };
    const auto found = std::ranges::find_if(frames, is_known);
    if (found == frames.end()) {
        return nullptr;
    }
    const bool told = event.thread == thread.thread &&
                      (std::holds_alternative<CallEvent>(event.detail) || std::holds_alternative<ResumeEvent>(event.detail) ||
                       std::holds_alternative<LineEvent>(event.detail) || std::holds_alternative<WriteEvent>(event.detail));
    const auto student = told ? found : std::ranges::find_if(frames, [&](const auto& f) { return is_known(f) && !f->library; });
    return student == frames.end() ? found->get() : student->get();
}

const FunctionCode* function_at(const Recording& recording, const Process& process, Address address) {
    const Mapping* found = process.memory ? find_mapping(*process.memory, address) : nullptr;
    if (!found) {
        return nullptr;
    }
    const Mapping& mapping = *found;
    const auto functions = recording.functions();
    for (std::size_t i = functions.size(); i-- > 0;) {
        const FunctionCode& code = functions[i];
        if (code.range().contains(address) && code.inode == mapping.inode &&
            (code.inode == 0 || code.program == mapping.name)) {
            return &code;
        }
    }
    return nullptr;
}

bool is_at_end_of_function(const Recording& recording, const Process& process, const StackFrame& frame) {
    const FunctionCode* code =
        frame.language == FrameLanguage::native ? function_at(recording, process, frame.program_counter) : nullptr;
    if (!code || code->function != frame.function || !code->why_cut.empty()) {
        return false;
    }
    std::uint32_t last = 0;     // line of the last instruction that has one
    std::uint32_t highest = 0;  // in the frame's file
    bool returns = false;       // at the frame's line: not so at the end of a loop that never ends
    for (const Instruction& instruction : code->instructions) {
        const bool here = instruction.file == frame.file;
        last = instruction.line == 0 ? last : here ? instruction.line : 0;
        highest = std::max(highest, here ? instruction.line : 0);
        returns |= last == frame.line && instruction.text.starts_with("ret");
    }
    return returns && last == frame.line && highest == frame.line && frame.line != 0;
}

const SourceFile* source_of(const Recording& recording, const std::string& path) {
    const auto found = std::ranges::find(recording.sources(), path, &SourceFile::path);
    return found == recording.sources().end() ? nullptr : &*found;
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::string_view line = text.substr(0, text.find('\n'));
        lines.push_back(line.ends_with('\r') ? line.substr(0, line.size() - 1) : line);
        text.remove_prefix(std::min(line.size() + 1, text.size()));
    }
    return lines;
}

}  // namespace procatlas
