// One number for a frame of a process: of which thread, and the how manieth from the innermost on.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/model/inside.h"
#include "core/model/world.h"

namespace procatlas {

[[nodiscard]] constexpr std::uint64_t frame_number(std::size_t thread, std::size_t frame) {
    return std::uint64_t{thread} << 32 | frame;
}

// nullptr: the process has no such frame.
[[nodiscard]] inline const StackFrame* frame_with(const Process& process, std::uint64_t number) {
    const std::size_t thread = number >> 32;
    const std::size_t frame = number & 0xffff'ffff;
    const Stack* const stack = thread < process.threads.size() ? process.threads[thread].stack.get() : nullptr;
    return stack && frame < stack->frames.size() ? stack->frames[frame].get() : nullptr;
}

}  // namespace procatlas
