#include "core/model/inside.h"

#include <algorithm>
#include <iterator>

#include "core/base/same_value.h"

namespace procatlas {

bool Stack::operator==(const Stack& other) const {
    return why_cut == other.why_cut && bytes_start == other.bytes_start && bytes == other.bytes &&
           std::ranges::equal(frames, other.frames, same_value<StackFrame>);
}

bool MemoryPieces::operator==(const MemoryPieces& other) const {
    return std::ranges::equal(pieces, other.pieces, same_value<MemoryBytes>);
}

bool Inside::operator==(const Inside& other) const {
    return same_value(stack, other.stack) && same_value(globals, other.globals) && same_value(heap, other.heap) &&
           same_value(pieces, other.pieces) && same_value(objects, other.objects) && value == other.value &&
           instruction == other.instruction && error == other.error;
}

const HeapChunk* find_chunk(const Heap& heap, Address address) {
    const auto after = std::ranges::upper_bound(heap.chunks, address, {}, &HeapChunk::start);
    if (after == heap.chunks.begin() || address - std::prev(after)->start >= std::prev(after)->size) {
        return nullptr;
    }
    return &*std::prev(after);
}

const PythonObject* find_object(const std::vector<PythonObject>& objects, Address address) {
    const auto found = std::ranges::lower_bound(objects, address, {}, &PythonObject::address);
    return found != objects.end() && found->address == address ? &*found : nullptr;
}

bool is_inlined(const Stack& stack, std::size_t index) {
    if (index + 1 >= stack.frames.size()) {
        return false;
    }
    const StackFrame& frame = *stack.frames[index];
    return frame.language == FrameLanguage::native && frame.extent.empty() &&
           frame.program_counter == stack.frames[index + 1]->program_counter;
}

bool is_of_python(const Stack& stack) {
    return !stack.frames.empty() && stack.frames.front()->language == FrameLanguage::python;
}

bool has_interpreter(const Stack& stack) {
    return is_of_python(stack) && stack.frames.back()->language == FrameLanguage::native;
}

Stack without_interpreter(const Stack& stack) {
    Stack python = stack;
    std::erase_if(python.frames, [](const auto& frame) { return frame->language != FrameLanguage::python; });
    return python;
}

std::string_view frame_language_name(FrameLanguage language) {
    switch (language) {
        case FrameLanguage::native:
            return "native";
        case FrameLanguage::python:
            return "python";
    }
    return "";
}

std::string_view chunk_state_name(ChunkState state) {
    switch (state) {
        case ChunkState::in_use:
            return "in_use";
        case ChunkState::free:
            return "free";
        case ChunkState::top:
            return "top";
        case ChunkState::mapped:
            return "mapped";
        case ChunkState::bookkeeping:
            return "bookkeeping";
    }
    return "";
}

}  // namespace procatlas
