// Stack -> Scene: the frames of one thread, growing downwards, with their variables and the stack pointer. Pure.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "core/model/inside.h"
#include "core/narrate/messages.h"
#include "core/scene/scene.h"

namespace procatlas {

struct StackView {
    float width = 560;
    std::size_t most_frames = 12;      // others are folded in the middle
    const Stack* before = nullptr;     // the stack at the thread's previous event; differences are marked; null: none are
    bool bytes = true;                 // the raw ones that were pushed, and those that calls left below the stack pointer
    Address stack_pointer_before = 0;  // before the instruction that just ran; 0: the event was not an instruction
};

// A pointer that is shown, from which an arrow may start.
struct PointerPlace {
    Point from;  // right end of the variable's row
    Address leads_to = 0;
};

struct StackScene {
    Scene scene;
    std::vector<PointerPlace> pointers;
};

// `stack_pointer`: the thread's current one. The outermost frame is always at the top; calls add frames below it.
[[nodiscard]] StackScene layout_stack(const Stack& stack, Address stack_pointer, const StackView& view, const Messages& words,
                                      const TextMeasure& measure);

// Rows of variables, as in the frames, below a heading in the colours of `role`.
[[nodiscard]] StackScene layout_variables(std::span<const Variable> variables, std::span<const Variable> before, float width,
                                          std::string_view heading, Role role, const Messages& words,
                                          const TextMeasure& measure, FrameLanguage language = FrameLanguage::native);

}  // namespace procatlas
