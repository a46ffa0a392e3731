#include "core/live/event_parts.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "core/base/same_value.h"
#include "core/model/inside.h"

namespace procatlas {
namespace {

template <typename T>
void keep_if_equal(std::shared_ptr<const T>& part, const std::shared_ptr<const T>& last) {
    if (same_value(part, last)) {
        part = last;
    }
}

void share_pieces(std::shared_ptr<const MemoryPieces>& now, const std::shared_ptr<const MemoryPieces>& last) {
    if (!now || !last) {
        return;
    }
    MemoryPieces shared = *now;
    for (std::size_t i = 0; i < std::min(shared.pieces.size(), last->pieces.size()); ++i) {
        keep_if_equal(shared.pieces[i], last->pieces[i]);
    }
    now = std::make_shared<const MemoryPieces>(std::move(shared));
    keep_if_equal(now, last);
}

}  // namespace

void keep_bytes_near(Stack& stack, Address stack_pointer) {
    constexpr ByteCount below = 256;
    constexpr ByteCount above = 256;
    const Address end = stack.bytes_start + stack.bytes.size();
    const Address first = std::clamp(stack_pointer - std::min(stack_pointer, below), stack.bytes_start, end);
    const Address last = std::clamp(stack_pointer + above, first, end);
    stack.bytes = stack.bytes.substr(first - stack.bytes_start, last - first);
    stack.bytes_start = first;
}

void share_equal_parts(Inside& inside, const Inside& last) {
    keep_if_equal(inside.globals, last.globals);
    keep_if_equal(inside.heap, last.heap);
    keep_if_equal(inside.objects, last.objects);
    share_pieces(inside.pieces, last.pieces);
    if (!inside.stack || !last.stack) {
        return;
    }
    Stack stack = *inside.stack;
    const auto& old = last.stack->frames;
    for (std::size_t i = 1; i <= std::min(stack.frames.size(), old.size()); ++i) {
        keep_if_equal(stack.frames[stack.frames.size() - i], old[old.size() - i]);
    }
    inside.stack = std::make_shared<const Stack>(std::move(stack));
}

}  // namespace procatlas
