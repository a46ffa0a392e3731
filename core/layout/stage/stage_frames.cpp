#include "core/layout/stage/stage_frames.h"

#include <algorithm>
#include <utility>

#include "core/base/text.h"
#include "core/model/frame_number.h"
#include "core/model/inside.h"
#include "core/model/inside_moment.h"
#include "core/narrate/code_text.h"
#include "core/narrate/function_name.h"
#include "core/scene/inside_things.h"

namespace procatlas {
namespace {

constexpr std::size_t most_frames = 7;  // of a thread; those between are folded

// The frame in `there` of the same call as frame `index` of `stack`; nullptr: there is none. A frame of Python has no
// address, so its place from the outermost on tells.
const StackFrame* same_frame(const Stack& there, const Stack& stack, std::size_t index) {
    const StackFrame& frame = *stack.frames[index];
    if (frame.language == FrameLanguage::python) {
        const std::size_t outer = stack.frames.size() - index;
        const StackFrame* other = outer <= there.frames.size() ? there.frames[there.frames.size() - outer].get() : nullptr;
        return other && other->function == frame.function && other->language == frame.language ? other : nullptr;
    }
    const auto found = std::ranges::find_if(
        there.frames, [&](const auto& f) { return f->function == frame.function && f->extent.end == frame.extent.end; });
    return found == there.frames.end() ? nullptr : found->get();
}

std::vector<std::size_t> own_frames(const Stack& stack) {
    std::vector<std::size_t> own;  // from the outermost
    for (std::size_t i = stack.frames.size(); i-- > 0;) {
        const StackFrame& frame = *stack.frames[i];
        if (frame.own && !frame.file.empty() && !frame.library) {
            own.push_back(i);
        }
    }
    return own;
}

// Where a frame stands: `innermost` of its thread, which is the one `shown`.
struct Standing {
    bool innermost = false;
    bool shown = false;
};

StageCard frame_card(const StageLook& look, const Stack& stack, std::size_t index, const Stack* before, Standing standing) {
    const bool innermost = standing.innermost;
    const StackFrame& frame = *stack.frames[index];
    StageCard card;
    card.title = frame.function.empty() ? hex_address(frame.program_counter) : with_brackets(short_stage_text(frame.function));
    card.hint = frame.file.empty() ? std::string() : display_text(base_name(frame.file)) + ":" + std::to_string(frame.line);
    card.rank = !innermost ? Rank::frames : standing.shown ? Rank::now : Rank::innermost;
    card.thing = thing_of(frame);
    card.thing.process = look.index;
    // Python's frames have no address: the innermost one at a call is new, whatever stood in its place before.
    const bool of_python = frame.language == FrameLanguage::python;
    const bool called =
        of_python && innermost &&
        (std::holds_alternative<CallEvent>(look.event().detail) || std::holds_alternative<ResumeEvent>(look.event().detail));
    const StackFrame* then = before && !called ? same_frame(*before, stack, index) : nullptr;
    card.fresh = look.acts && before && !then;
    card.leaving =
        look.acts && of_python && innermost &&
        (std::holds_alternative<ReturnEvent>(look.event().detail) || std::holds_alternative<SuspendEvent>(look.event().detail));
    const StageBefore known = then ? stage_before(then->variables) : StageBefore{};
    const Rank rank = !innermost ? Rank::rest : standing.shown ? Rank::innermost : Rank::frames;
    for (const Variable& variable : frame.variables) {
        card.rows.push_back(stage_row_of(look, variable, frame.function, then ? &known : nullptr, rank));
    }
    card.rows_left_out = keep_few_rows(card.rows);
    return card;
}

// What the innermost own frame has called: those of libraries, and of the program where no source is known.
StageCard library_frames(const StageLook& look, std::size_t frames, Rank rank) {
    StageCard card;
    card.frames_left_out = frames;
    card.title = look.context.words.format(frames == 1 ? "stage.library_frame" : "stage.library_frames", frames);
    card.rank = rank;
    return card;
}

// The innermost frame that was there before this event and is no more.
void add_popped(const Stack& before, const Stack& now, std::vector<StageCard>& cards) {
    const std::vector<std::size_t> own = own_frames(before);
    if (own.empty()) {
        return;
    }
    if (!same_frame(now, before, own.back())) {
        StageCard ghost;
        ghost.title = with_brackets(short_stage_text(before.frames[own.back()]->function));
        ghost.ghost = true;
        ghost.rank = Rank::changed;
        cards.push_back(std::move(ghost));
    }
}

// Before main and behind it, or in a program whose source is not known: where SP is can be told all the same.
StageCard foreign_frames(const StageLook& look, const ThreadState& thread) {
    StageCard card;
    card.frames_left_out = thread.stack->frames.size();
    card.title = look.context.words.format("stage.foreign_frames", card.frames_left_out);
    card.rank = &thread == look.shown ? Rank::now : Rank::innermost;
    if (thread.stack_pointer != 0) {
        card.stack_pointer = thread.stack_pointer;
    }
    return card;
}

}  // namespace

std::vector<StageCard> stage_frames(const StageLook& look, const ThreadState& thread) {
    const Stack& stack = *thread.stack;
    const bool of_python = is_of_python(stack);
    std::vector<StageCard> cards;
    const std::vector<std::size_t> own = own_frames(stack);
    if (own.empty()) {
        if (!stack.frames.empty() && !of_python) {
            cards.push_back(foreign_frames(look, thread));
        }
        return cards;
    }
    const InsideBefore before = look.acts && &thread == look.shown
                                    ? inside_before(look.context.recording, look.index, thread.thread, look.context.moment)
                                    : InsideBefore{};
    constexpr std::size_t outer = 2;
    for (std::size_t k = 0; k < own.size(); ++k) {
        if (own.size() > most_frames && k == outer) {
            StageCard fold;
            fold.frames_left_out = own.size() - most_frames;
            fold.title = look.context.words.format("stage.more_frames", fold.frames_left_out);
            fold.rank = Rank::frames;
            cards.push_back(std::move(fold));
            k += own.size() - most_frames;
        }
        cards.push_back(frame_card(look, stack, own[k], before.stack, {k + 1 == own.size(), &thread == look.shown}));
        cards.back().frame = {HitKind::frame, look.index,
                              frame_number(static_cast<std::size_t>(&thread - look.process.threads.data()), own[k])};
    }
    if (!of_python && own.back() > 0) {
        cards.push_back(library_frames(look, own.back(), cards.back().rank));
    }
    if (!of_python && thread.stack_pointer != 0) {
        cards.back().stack_pointer = thread.stack_pointer;
    }
    if (before.stack && !of_python) {
        add_popped(*before.stack, stack, cards);
    }
    return cards;
}

std::optional<StageCard> stage_next_line(const StageLook& look) {
    const StackFrame* frame = look.shown ? own_frame(*look.shown, look.event()) : nullptr;
    if (!frame || frame->language == FrameLanguage::python) {
        return std::nullopt;
    }
    const SourceFile* source = source_of(look.context.recording, frame->file);
    StageCard card;
    card.rank = Rank::now;
    card.thing = {.kind = ThingKind::source_line, .process = look.index, .file = frame->file, .line = frame->line};
    const bool waits = look.process.state == ProcessState::running && look.process.waits.what != WaitingFor::nothing;
    const bool in_call = waits || frame != look.shown->stack->frames.front().get();
    if (source && source->why_not.empty()) {
        const auto lines = lines_of(source->text);
        if (frame->line >= 1 && frame->line <= lines.size()) {
            card.thing.text = lines[frame->line - 1];
            card.title = (in_call ? "↳ " : "▶ ") + short_stage_text(without_comment(lines[frame->line - 1]));
            if (!in_call && says_nothing(lines[frame->line - 1]) &&
                is_at_end_of_function(look.context.recording, look.process, *frame)) {
                card.short_title = card.title;
                card.title +=
                    "  " + look.context.words.format("stage.leaves", with_brackets(short_stage_text(frame->function)));
            }
        }
    }
    if (card.title.empty()) {
        card.title = "▶ " + display_text(base_name(frame->file)) + ":" + std::to_string(frame->line);
    }
    StageRow row;
    row.name = look.context.words.text(in_call ? "stage.returns_to" : "stage.next_instruction");
    row.short_name = in_call ? "↳" : "PC";
    row.value = hex_address(frame->program_counter);
    row.rank = Rank::details;
    row.name_in_words = true;
    card.rows_are = StageRows::details;
    if (!waits) {  // it is somewhere in what the line calls
        card.rows.push_back(std::move(row));
    }
    return card;
}

}  // namespace procatlas
