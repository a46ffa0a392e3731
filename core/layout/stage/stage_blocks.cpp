#include "core/layout/stage/stage_blocks.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <string>
#include <string_view>

#include "core/base/text.h"
#include "core/model/inside.h"
#include "core/model/inside_moment.h"
#include "core/scene/inside_things.h"

namespace procatlas {
namespace {

bool is_block(const HeapChunk& chunk) {
    return chunk.state == ChunkState::in_use || chunk.state == ChunkState::free;
}

// The end of an element of an array's value, "{0x55d0c0 "a, b", {1, 2}}", that begins at `at`: its comma or the last brace.
std::size_t end_of_element(std::string_view value, std::size_t at) {
    std::size_t depth = 0;
    bool quoted = false;
    for (; at < value.size(); ++at) {
        const char c = value[at];
        if (quoted) {
            at += c == '\\' ? 1 : 0;
            quoted = c != '"';
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{') {
            ++depth;
        } else if (depth == 0 && (c == ',' || c == '}')) {
            break;
        } else if (c == '}') {
            --depth;
        }
    }
    return std::min(at, value.size());
}

// How many elements one stands for: "0x0 <repeats 12 times>"; 0: nobody knows.
std::size_t repeats_of(std::string_view element) {
    constexpr std::string_view repeats = " <repeats ";
    const std::size_t found = element.rfind(repeats);
    if (found == std::string_view::npos || !element.ends_with(" times>")) {
        return 1;
    }
    std::size_t count = 0;
    std::from_chars(element.data() + found + repeats.size(), element.data() + element.size(), count);
    return count;
}

// Of an array of pointers, as far as its value shows its elements: the one that points to `to`, or the next of several, after
// `skipped` others: "blocks[2]". Empty: it is no such array, or that element is not shown.
std::string element_that_leads(const Variable& variable, Address to, std::size_t skipped) {
    constexpr std::string_view hex = "0x";
    const std::string_view value = variable.value;
    if (!value.starts_with('{') || !variable.type.ends_with(']')) {
        return {};
    }
    constexpr std::string_view repeated = " <repeats ";
    std::size_t index = 0;
    for (std::size_t at = 1; at < value.size();) {
        const std::size_t end = end_of_element(value, at);
        const std::string_view element = value.substr(at, end - at);
        Address address = 0;
        if (element.starts_with(hex)) {
            std::from_chars(element.data() + hex.size(), element.data() + element.size(), address, 16);
        }
        if (address == to && address != 0 && skipped-- == 0) {
            return fmt::format("{}[{}]", short_stage_text(variable.name), index);
        }
        // A symbol, "0x401136 <f(int, char)>", may hold commas: what stands behind it cannot be counted.
        const std::size_t named = element.find(" <");
        const std::size_t repeats =
            named != std::string_view::npos && !element.substr(named).starts_with(repeated) ? 0 : repeats_of(element);
        if (repeats == 0) {
            break;
        }
        index += repeats;
        at = end + std::string_view(", ").size();
    }
    return {};
}

// For each chunk the names of the variables that point into it, and of which of their elements: "p, q[2]".
std::map<Address, std::string> pointers_into(const StageLook& look, const Heap& heap) {
    std::map<Address, std::string> names;
    const auto take = [&](const std::vector<Variable>& variables) {
        for (const Variable& variable : variables) {
            std::map<Address, std::size_t> before;
            for (const Address to : variable.leads_to) {
                if (const HeapChunk* chunk = find_chunk(heap, to)) {
                    std::string& text = names[chunk->start];
                    const std::string element = element_that_leads(variable, to, before[to]++);
                    text += (text.empty() ? "" : ", ") + (element.empty() ? short_stage_text(variable.name) : element);
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
