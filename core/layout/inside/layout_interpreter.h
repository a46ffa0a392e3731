// The C frames of an interpreter -> Scene: below the frames of its program, the outermost at the top. Pure.
#pragma once

#include "core/model/inside.h"
#include "core/narrate/messages.h"
#include "core/scene/scene.h"

namespace procatlas {

// `stack`: of a Python program, with frames of its interpreter.
[[nodiscard]] Scene layout_interpreter(const Stack& stack, float width, const Messages& words, const TextMeasure& measure);

}  // namespace procatlas
