#include "core/layout/stage/stage_blocks.h"

#include <algorithm>
#include <map>
#include <string>

#include "core/base/text.h"
#include "core/model/inside.h"
#include "core/model/inside_moment.h"
#include "core/scene/inside_things.h"

namespace procatlas {
namespace {

bool is_block(const HeapChunk& chunk) {
    return chunk.state == ChunkState::in_use || chunk.state == ChunkState::free;
}

// For each chunk the names of the variables that point into it: "p, q".
std::map<Address, std::string> pointers_into(const StageLook& look, const Heap& heap) {
    std::map<Address, std::string> names;
    const auto take = [&](const std::vector<Variable>& variables) {
        for (const Variable& variable : variables) {
            for (const Address to : variable.leads_to) {
                if (const HeapChunk* chunk = find_chunk(heap, to)) {
                    std::string& text = names[chunk->start];
                    text += (text.empty() ? "" : ", ") + short_stage_text(variable.name);
                }
            }
        }
    };
    if (look.process.globals) {
        take(*look.process.globals);
    }
    if (look.shown && look.shown->stack) {
        for (const auto& frame : look.shown->stack->frames) {
            take(frame->variables);
        }
    }
    return names;
}

StageRow block_row(const StageLook& look, const HeapChunk& chunk, const std::string* pointer, bool changed) {
    StageRow row;
    row.name = pointer ? *pointer + " →" : std::string(look.context.words.text("stage.block"));
    row.value = size_text(chunk.size) + " · " +
                std::string(look.context.words.text(chunk.state == ChunkState::free ? "heap.free" : "heap.in_use"));
    row.value_in_words = true;
    row.note = address_text(chunk.start + 16, true);
    row.changed = changed;
    row.rank = changed ? Rank::changed : Rank::blocks;
    row.thing = thing_of(chunk);
    row.thing.process = look.index;
    return row;
}

}  // namespace

StageBlocks stage_blocks(const StageLook& look) {
    if (!look.process.heap || look.process.heap->chunks.empty()) {
        return {};
    }
    const std::map<Address, std::string> pointers = pointers_into(look, *look.process.heap);
    const InsideBefore before = look.acts && look.shown
                                    ? inside_before(look.context.recording, look.index, look.shown->thread, look.context.moment)
                                    : InsideBefore{};
    const bool few = std::cmp_less_equal(std::ranges::count_if(look.process.heap->chunks, is_block), most_stage_blocks);
    StageBlocks blocks;
    for (const HeapChunk& chunk : look.process.heap->chunks) {
        const HeapChunk* then = before.heap ? find_chunk(*before.heap, chunk.start) : nullptr;
        const bool changed = before.heap && (!then || then->start != chunk.start || then->state != chunk.state);
        const auto pointer = pointers.find(chunk.start);
        if (!is_block(chunk)) {
            continue;
        }
        if (few || changed || pointer != pointers.end()) {
            blocks.rows.emplace_back(chunk.start,
                                     block_row(look, chunk, pointer == pointers.end() ? nullptr : &pointer->second, changed));
        } else {
            blocks.others.push_back(chunk.start);
        }
    }
    return blocks;
}

}  // namespace procatlas
