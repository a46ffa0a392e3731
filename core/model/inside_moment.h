// Shared by the views of a process's inside: which thread they show, what was known before, what is not available. Pure.
#pragma once

#include <string>
#include <vector>

#include "core/model/inside.h"
#include "core/model/recording.h"

namespace procatlas {

// The thread whose stack is shown: the event's, else the leader, else any. nullptr: no thread was inspected.
[[nodiscard]] const ThreadState* shown_thread(const Process& process, const Event& event);

// What was known of the process before its last inspection: the stack of that thread, the rest of any thread. One that was
// not inspected before began with what its parent had at the fork. Null if nothing was since the program began.
struct InsideBefore {
    const Stack* stack = nullptr;
    const std::vector<Variable>* globals = nullptr;
    const Heap* heap = nullptr;
    const std::vector<PythonObject>* objects = nullptr;
    const MemoryPieces* pieces = nullptr;
};
[[nodiscard]] InsideBefore inside_before(const Recording& recording, std::size_t process, std::int32_t thread,
                                         std::size_t moment);

// Whether what lies at the variable's place is not its value, because the code has not left its declaration. `why_not` says so.
[[nodiscard]] bool has_no_value_yet(const Variable& variable);

// The lowest address that the innermost function of `stack` uses. A function that calls no other may use the 128 bytes below
// the stack pointer (System V ABI, AMD64, the red zone).
[[nodiscard]] Address lowest_in_use(const Stack& stack, Address stack_pointer);

// The innermost frame that belongs to the program itself and whose source is known; nullptr: none. One of a library only if
// `event` tells its call or line, or there is no other.
[[nodiscard]] const StackFrame* own_frame(const ThreadState& thread, const Event& event);
// The machine code that contains `address`; nullptr: the recording does not have it.
[[nodiscard]] const FunctionCode* function_at(const Recording& recording, const Process& process, Address address);
// Whether the process, which is at the line of `frame`, leaves the frame's function with it: the function's machine code ends
// in that line, and no later one belongs to it. False also where the recording does not have the whole code of the function.
[[nodiscard]] bool is_at_end_of_function(const Recording& recording, const Process& process, const StackFrame& frame);
// nullptr: the recording does not have it.
[[nodiscard]] const SourceFile* source_of(const Recording& recording, const std::string& path);
// The lines of `text` without their line ends.
[[nodiscard]] std::vector<std::string_view> lines_of(std::string_view text);

}  // namespace procatlas
