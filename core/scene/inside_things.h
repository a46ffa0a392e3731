// What lies inside a process, as things that a person can ask about. The process of each is set by whoever knows it. Pure.
#pragma once

#include <string_view>

#include "core/model/inside.h"
#include "core/scene/thing.h"

namespace procatlas {

// `function`: whose variable it is; empty: a global.
[[nodiscard]] Thing thing_of(const Variable& variable, std::string_view function);
[[nodiscard]] Thing thing_of(const StackFrame& frame);
// The block that malloc returned, without its header.
[[nodiscard]] Thing thing_of(const HeapChunk& chunk);

}  // namespace procatlas
