// The C frames of a Python interpreter that tells of itself (python_hook.h). Pure.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "core/model/inside.h"

namespace procatlas {

// `native`: the thread's stack while the hook tells. The frames by which the interpreter runs the program itself, innermost
// first: from the one that evaluates the frame that was told, without the hook's own before it. `program`: the interpreter's
// file, whose version says how many C frames a call in the hook takes. Empty: the interpreter's functions have no names.
[[nodiscard]] std::vector<std::shared_ptr<const StackFrame>> interpreter_frames(const Stack& native, std::string_view program);

}  // namespace procatlas
