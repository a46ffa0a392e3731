#include "core/layout/listing/source_rows.h"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include "core/base/text.h"
#include "core/model/inside_moment.h"
#include "core/narrate/code_text.h"
#include "core/narrate/family_names.h"
#include "core/narrate/missing_inside.h"
#include "core/narrate/reasons.h"

namespace procatlas {
namespace {

struct Standing {
    const ThreadState* thread = nullptr;
    const StackFrame* frame = nullptr;
};

// The thread that the process shows, in its innermost frame with source. Where it has none, as a thread that begins or ends in
// a library, another one that has.
Standing standing_in_source(const Process& process, const Event& event) {
    const ThreadState* shown = shown_thread(process, event);
    const StackFrame* frame = shown ? own_frame(*shown, event) : nullptr;
    for (std::size_t i = 0; i < process.threads.size() && process.alive() && !frame; ++i) {
        if (const StackFrame* other = own_frame(process.threads[i], event)) {
            return {&process.threads[i], other};
        }
    }
    return {shown, frame};
}

// Whether the line is not the next one any more, because its process is in what that line calls: it waits there, or is a Python
// program, which tells when it comes to a line and has done something since, or returns from it.
bool acts_in_its_line(const Recording& recording, const Process& process, const ThreadState& thread) {
    const bool waits = process.state == ProcessState::running && process.waits.what != WaitingFor::nothing;
    const Event& last = recording.events()[process.last_moment];
    const bool at_its_line = last.inside && last.inside->stack && !std::holds_alternative<ReturnEvent>(last.detail);
    return waits || (is_of_python(*thread.stack) && !at_its_line);
}

void mark_line(const Recording& recording, const World& world, std::size_t index, std::size_t moment,
               const std::vector<std::string>& names, SourceRows& found) {
    const Process& process = world.processes[index];
    const auto [thread, frame] = process.alive() ? standing_in_source(process, recording.events()[moment]) : Standing{};
    if (!frame || frame->file != found.path) {
        return;
    }
    const auto row = std::ranges::find(found.rows, frame->line, &SourceRow::number);
    if (row != found.rows.end()) {
        const bool in_call = frame != thread->stack->frames.front().get() || acts_in_its_line(recording, process, *thread);
        row->marks.push_back({process.key.pid, index, names[index], in_call});
    }
}

// Those around `found.line`.
void add_rows(const SourceFile& source, std::uint32_t around, SourceRows& found) {
    const std::vector<std::string_view> lines = lines_of(source.text);
    found.lines = lines.size();
    found.cut = source.cut;
    const std::size_t at = std::min<std::size_t>(found.line, lines.size());
    const std::size_t first = at > around ? at - around : 1;
    const std::size_t last = std::min(lines.size(), at + around);
    for (std::size_t i = first; i <= last; ++i) {
        found.rows.push_back({static_cast<std::uint32_t>(i), std::string(lines[i - 1]), {}});
    }
}

bool is_comment(std::string_view line, bool python) {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
    return python ? line.starts_with('#') : line.starts_with("//") || line.starts_with("/*") || line.starts_with("* ");
}

}  // namespace

void leave_out_comments(SourceRows& rows) {
    const bool python = rows.path.ends_with(".py");
    for (SourceRow& row : rows.rows) {
        const std::size_t indent = std::min(row.text.find_first_not_of(" \t"), row.text.size());
        row.text.resize(is_comment(row.text, python) ? 0 : indent + without_comment(row.text).size());
    }
}

SourceRows source_of_ended(const Recording& recording, std::uint32_t around) {
    SourceRows found;
    const auto source = std::ranges::find_if(recording.sources(), [](const SourceFile& file) { return file.why_not.empty(); });
    if (source != recording.sources().end()) {
        found.path = source->path;
        add_rows(*source, around, found);
    }
    return found;
}

SourceRows source_rows(const MomentContext& context, std::size_t process, const std::vector<std::size_t>& marked,
                       std::uint32_t around) {
    const auto& [recording, world, moment, words] = context;

    SourceRows found;
    const Process& who = world.processes[process];
    const auto [thread, frame] = recording.empty() ? Standing{} : standing_in_source(who, recording.events()[moment]);
    if (!frame) {
        found.none = thread ? missing_grains(who, words) : nothing_inside(recording, who, words);
        if (thread && found.none.empty()) {
            found.none.emplace_back(words.text("source.no_frame"));
        }
        return found;
    }
    found.path = frame->file;
    found.function = frame->function;
    found.line = frame->line;
    const SourceFile* source = source_of(recording, frame->file);
    if (!source || !source->why_not.empty()) {
        found.none.push_back(words.format(
            "source.none", display_text(frame->file),
            source ? display_text(reason_text(source->why_not, words)) : std::string(words.text("source.not_kept"))));
        return found;
    }
    add_rows(*source, around, found);
    const std::vector<std::string> names = family_names(world);
    if (std::ranges::find(marked, process) == marked.end()) {
        mark_line(recording, world, process, moment, names, found);
    }
    for (const std::size_t other : marked) {
        mark_line(recording, world, other, moment, names, found);
    }
    return found;
}

}  // namespace procatlas
