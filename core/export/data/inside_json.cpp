#include "core/export/data/inside_json.h"

#include <algorithm>

#include "core/base/text.h"
#include "core/model/inside.h"

namespace procatlas {
namespace {

void region_member(JsonObject& out, Address address, std::span<const Region> regions) {
    const Region* region = address != 0 ? find_region(regions, address) : nullptr;
    if (region) {
        out.text("region", region_kind_name(region->kind));
    } else {
        out.null("region");
    }
}

void frame_json(std::string& text, const Stack& stack, std::size_t index, std::span<const Region> regions) {
    const StackFrame& frame = *stack.frames[index];
    JsonObject out(text);
    out.text_or_null("function", frame.function);
    out.text_or_null("file", frame.file);
    if (frame.line == 0) {
        out.null("line");
    } else {
        out.number("line", frame.line);
    }
    switch (frame.language) {
        case FrameLanguage::native:
            out.hex("start", frame.extent.start);
            out.hex("end", frame.extent.end);
            out.hex_or_null("return_address", frame.return_address);
            out.hex("pc", frame.program_counter);
            break;
        case FrameLanguage::python:
            out.text("language", frame_language_name(frame.language));
            break;
    }
    out.flag("own", frame.own);
    if (is_inlined(stack, index)) {
        out.flag("inlined", true);
    }
    if (frame.optimised) {
        out.flag("optimised", true);
    }
    if (frame.library) {
        out.flag("library", true);
    }
    variables_json(out.key("variables"), frame.variables, regions, frame.language);
}

}  // namespace

std::span<const Region> RegionsInTime::after(std::size_t moment) {
    const auto process = recording_.process_of(moment);
    if (!process) {
        return {};
    }
    const Event& event = recording_.events()[moment];
    if (const auto* exec = std::get_if<ExecEvent>(&event.detail)) {
        known_[*process].program = exec->path;
    } else if (const auto born = recording_.born_at(moment)) {
        known_[*born].program = known_[*process].program;
    }
    if (!event.inside) {
        return {};
    }
    Known& known = known_[*process];
    auto space = recording_.maps().space_at(*process, moment);
    if (space && known.space != space) {
        known.regions = classify_regions(*space, known.program, recording_.images(), {});
        known.space = std::move(space);
    }
    return known.regions;
}

void variables_json(std::string& text, const std::vector<Variable>& variables, std::span<const Region> regions,
                    FrameLanguage language) {
    JsonArray array(text);
    for (const Variable& variable : variables) {
        JsonObject out(array.element());
        out.text("name", variable.name);
        out.text("type", variable.type);
        const bool of_python = language == FrameLanguage::python;
        const Address object = of_python && !variable.leads_to.empty() ? variable.leads_to.front() : 0;
        out.hex_or_null(of_python ? "object" : "address", of_python ? object : variable.address);
        out.text_or_null("value", variable.value);
        if (!variable.why_not.empty()) {
            out.text("not_available", variable.why_not);
        }
        region_member(out, of_python ? object : variable.address, regions);
        if (variable.parameter) {
            out.flag("parameter", true);
        }
    }
}

void objects_json(std::string& text, const std::vector<PythonObject>& objects, std::span<const Region> regions) {
    JsonArray array(text);
    for (const PythonObject& object : objects) {
        JsonObject out(array.element());
        out.hex("address", object.address);
        out.text("type", object.type);
        out.text_or_null("value", object.value);
        if (!object.why_not.empty()) {
            out.text("not_available", object.why_not);
        }
        out.number("size", object.size);
        if (object.references) {
            out.number("references", *object.references);
        } else {
            out.null("references");
            out.text("references_not_available", object.why_no_count);
        }
        if (object.immortal) {
            out.flag("immortal", true);
        }
        {
            JsonArray leads(out.key("leads_to"));
            for (const Address to : object.leads_to) {
                append_json_string(leads.element(), hex_address(to));
            }
        }
        if (!object.items.empty()) {
            JsonObject items(out.key("items"));
            items.hex("start", object.items.start);
            items.hex("end", object.items.end);
        }
        region_member(out, object.address, regions);
    }
}

bool begins_chunk(const Heap& heap, AddressRange range) {
    const auto first = std::ranges::lower_bound(heap.chunks, range.start, {}, &HeapChunk::start);
    return first != heap.chunks.end() && range.contains(first->start);
}

void chunks_json(std::string& text, const Heap& heap, AddressRange range) {
    JsonArray array(text);
    for (const HeapChunk& chunk : heap.chunks) {
        if (range.contains(chunk.start)) {
            JsonObject out(array.element());
            out.hex("start", chunk.start);
            out.number("size", chunk.size);
            out.text("state", chunk_state_name(chunk.state));
        }
    }
}

StacksInTime::Known StacksInTime::known(std::size_t process, const Event& event, std::size_t moment) {
    const std::shared_ptr<const Stack>& stack = event.inside->stack;
    const Last before = std::exchange(last_[{process, event.thread}], Last{moment, stack});
    if (!before.stack || stack->frames.size() <= always_whole) {
        return {};
    }
    const auto same = std::ranges::mismatch(stack->frames.rbegin(), stack->frames.rend(), before.stack->frames.rbegin(),
                                            before.stack->frames.rend(),
                                            [](const auto& one, const auto& other) { return one == other || *one == *other; });
    const auto frames = static_cast<std::size_t>(same.in1 - stack->frames.rbegin());
    return {before.moment, std::min(frames, stack->frames.size() - always_whole)};
}

void inside_members(JsonObject& out, const Event& event, std::span<const Region> regions, StacksInTime::Known known) {
    const Inside& inside = *event.inside;
    out.hex("pc", event.program_counter);
    out.hex("sp", event.stack_pointer);
    if (!inside.instruction.empty()) {
        out.text("instruction", inside.instruction);
    }
    if (!inside.error.empty()) {
        out.text("not_available", inside.error);
    }
    if (!inside.value.empty()) {
        out.text("result", inside.value);
    }
    if (!inside.stack) {
        return;
    }
    {
        JsonArray frames(out.key("frames"));
        for (std::size_t i = 0; i + known.frames < inside.stack->frames.size(); ++i) {
            frame_json(frames.element(), *inside.stack, i, regions);
        }
    }
    if (known.frames > 0) {
        out.number("frames_same", known.frames);
        out.number("frames_same_as", known.moment);
    }
    if (!inside.stack->why_cut.empty()) {
        out.text("frames_cut", inside.stack->why_cut);
    }
    if (inside.objects) {
        objects_json(out.key("objects"), *inside.objects, regions);
    }
}

}  // namespace procatlas
