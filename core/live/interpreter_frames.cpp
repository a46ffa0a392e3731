#include "core/live/interpreter_frames.h"

#include <algorithm>
#include <array>

#include "core/base/text.h"

namespace procatlas {
namespace {

constexpr std::string_view evaluates = "_PyEval_EvalFrameDefault";

// Two functions of the hook are active. Before Python 3.11 each has a C frame of its own; since then both are in one.
int evaluations_of_hook(std::string_view program) {
    constexpr std::array<std::string_view, 3> each_its_own{"python3.8", "python3.9", "python3.10"};
    return std::ranges::find(each_its_own, base_name(program)) == each_its_own.end() ? 1 : 2;
}

// A compiler may split a function: "_PyEval_EvalFrameDefault.cold".
bool is_evaluation(const StackFrame& frame) {
    return frame.function.starts_with(evaluates) &&
           (frame.function.size() == evaluates.size() || frame.function[evaluates.size()] == '.');
}

}  // namespace

std::vector<std::shared_ptr<const StackFrame>> interpreter_frames(const Stack& native, std::string_view program) {
    int left = evaluations_of_hook(program);
    for (auto frame = native.frames.begin(); frame != native.frames.end(); ++frame) {
        if (is_evaluation(**frame) && left-- == 0) {
            return {frame, native.frames.end()};
        }
    }
    return {};
}

}  // namespace procatlas
