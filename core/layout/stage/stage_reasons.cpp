#include "core/layout/stage/stage_reasons.h"

#include <algorithm>
#include <string>

#include "core/base/text.h"
#include "core/model/inside.h"

namespace procatlas {
namespace {

StageCard reason_card(const StageLook& look, std::string_view key) {
    StageCard card;
    card.title = look.context.words.text(key);
    card.is_reason = true;
    card.rank = Rank::details;
    card.rows_are = StageRows::details;
    return card;
}

// Of a process in which no frame is known.
StageCard not_read(const StageLook& look) {
    const std::string_view why = look.process.why_not_inside;
    if (why.empty()) {
        const auto& how = look.context.recording.how_followed();
        if (look.shown || (how && how->grain != Grain::none)) {
            return reason_card(look, "stage.not_read_short");
        }
        StageCard card = reason_card(look, "stage.not_read");
        card.short_title = look.context.words.text("stage.not_read_short");
        return card;
    }
    return reason_card(look, why == no_debug_information               ? "stage.no_debug"
                             : why.starts_with(of_debug_information)   ? "stage.debug_not_found"
                             : why == ran_before                       ? "stage.ran_before"
                             : why == no_script_yet                    ? "stage.no_script_yet"
                             : why.starts_with(only_library_functions) ? "stage.only_libraries"
                                                                       : "stage.not_read_short");
}

// Whether its registers are what they were at its last stop.
bool stands(const StageLook& look, const ThreadState& thread) {
    const Event& event = look.event();
    return std::ranges::find(look.process.held_threads, thread.thread) != look.process.held_threads.end() ||
           (event.process == look.process.key && event.thread == thread.thread && event.stack_pointer == thread.stack_pointer);
}

}  // namespace

StageCard stage_no_frames(const StageLook& look, const ThreadState& thread) {
    StageCard card = not_read(look);
    if (thread.stack_pointer != 0 && stands(look, thread)) {
        card.stack_pointer = thread.stack_pointer;
        card.rank = Rank::innermost;
    }
    return card;
}

StageCard stage_no_line(const StageLook& look, const StageArea& code) {
    // `_start` is of the C library, though it is linked into the program: it is left when main has returned.
    const auto without_source = [](const auto& frame) {
        return frame->own && frame->file.empty() && frame->function != "_start";
    };
    StageCard card = !look.shown || !look.process.why_not_inside.empty()              ? not_read(look)
                     : std::ranges::any_of(look.shown->stack->frames, without_source) ? reason_card(look, "stage.no_debug")
                                                                                      : reason_card(look, "stage.in_library");
    const ThreadState* thread = look.shown                     ? look.shown
                                : look.process.threads.empty() ? nullptr
                                                               : &look.process.threads.front();
    if (thread && code.contains(thread->program_counter) && stands(look, *thread)) {
        StageRow row;
        row.name = look.context.words.text("stage.next_instruction");
        row.short_name = "PC";
        row.value = hex_address(thread->program_counter);
        row.rank = Rank::details;
        row.name_in_words = true;
        card.rows.push_back(std::move(row));
    }
    return card;
}

StageCard stage_elsewhere(const StageLook& look) {
    return reason_card(look, "stage.stack_elsewhere");
}

StageCard stage_of_interpreter(const StageLook& look, const ThreadState* thread) {
    StageCard card = reason_card(look, "stage.of_interpreter");
    card.short_title = look.context.words.text("stage.of_interpreter_short");
    if (thread && thread->stack_pointer != 0 && (thread->stack || stands(look, *thread))) {
        card.stack_pointer = thread->stack_pointer;
        card.rank = Rank::innermost;
    }
    return card;
}

}  // namespace procatlas
