#include "core/live/interpreter_frames.h"

#include <doctest/doctest.h>

#include <string>

using namespace procatlas;

namespace {

Stack native_stack(const std::vector<std::string>& functions) {
    Stack stack;
    for (const std::string& function : functions) {
        StackFrame frame;
        frame.function = function;
        stack.frames.push_back(std::make_shared<const StackFrame>(frame));
    }
    return stack;
}

std::string first_of(const Stack& stack, std::string_view program) {
    const auto frames = interpreter_frames(stack, program);
    return frames.empty() ? "" : frames.front()->function + " of " + std::to_string(frames.size());
}

}  // namespace

TEST_CASE("the hook's own C frames are left out: one evaluation since Python 3.11, two before") {
    const Stack stack = native_stack({"__write", "", "_PyEval_EvalFrameDefault", "call_trampoline",
                                      "_PyEval_EvalFrameDefault.cold", "PyEval_EvalCode", "_PyEval_EvalFrameDefault", "main"});
    CHECK(first_of(stack, "/usr/bin/python3.11") == "_PyEval_EvalFrameDefault.cold of 4");
    CHECK(first_of(stack, "/usr/bin/python3.13") == "_PyEval_EvalFrameDefault.cold of 4");
    CHECK(first_of(stack, "/usr/bin/python3.10") == "_PyEval_EvalFrameDefault of 2");
}

TEST_CASE("an interpreter without names of its functions gives no C frames") {
    CHECK(interpreter_frames(native_stack({"__write", "", "", "main"}), "/usr/bin/python3.11").empty());
    CHECK(interpreter_frames(native_stack({"_PyEval_EvalFrameDefault"}), "/usr/bin/python3.11").empty());
    CHECK(interpreter_frames(Stack{}, "").empty());
}
