#include "core/model/inside.h"

#include <algorithm>

namespace procatlas {
namespace {

template <typename T>
bool same(const std::shared_ptr<const T>& a, const std::shared_ptr<const T>& b) {
    return a == b || (a && b && *a == *b);
}

}  // namespace

bool Stack::operator==(const Stack& other) const {
    return why_cut == other.why_cut && bytes_start == other.bytes_start && bytes == other.bytes &&
           std::ranges::equal(frames, other.frames, same<StackFrame>);
}

bool Inside::operator==(const Inside& other) const {
    return same(stack, other.stack) && same(globals, other.globals) && same(heap, other.heap) &&
           instruction == other.instruction && error == other.error;
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
