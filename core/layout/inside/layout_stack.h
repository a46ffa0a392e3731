// Stack -> Scene: the frames of one thread as a stack that grows down, with the variables of each and where SP is. Pure.
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
    std::size_t most_frames = 12;      // more are folded in the middle
    const Stack* before = nullptr;     // at the thread's event before: what differs is marked; null: nothing is
    Address stack_pointer_before = 0;  // of the instruction that was just done; 0: the event was none
};

// A pointer on show, for whoever draws arrows.
struct PointerPlace {
    Point from;  // right end of its row
    Address leads_to = 0;
};

struct StackScene {
    Scene scene;
    std::vector<PointerPlace> pointers;
};

// `stack_pointer`: of the thread now. The outermost frame is at the top and stays there while calls push others below it.
[[nodiscard]] StackScene layout_stack(const Stack& stack, Address stack_pointer, const StackView& view, const Messages& words,
                                      const TextMeasure& measure);

// Rows of variables, as in the frames, under a heading in the colours of `role`.
[[nodiscard]] StackScene layout_variables(std::span<const Variable> variables, std::span<const Variable> before, float width,
                                          std::string_view heading, Role role, const Messages& words,
                                          const TextMeasure& measure);

}  // namespace procatlas
