// What the views of what lies inside have in common: whose thread they show, what was known before, what is not available.
// Pure.
#pragma once

#include <string>
#include <vector>

#include "core/model/inside.h"
#include "core/model/recording.h"

namespace procatlas {

// The thread whose stack is shown: that of the event, else the leader, else any; nullptr: nobody looked inside.
[[nodiscard]] const ThreadState* shown_thread(const Process& process, const Event& event);

// What was known of the process before its last look inside. Null where nothing was.
struct InsideBefore {
    const Stack* stack = nullptr;
    const std::vector<Variable>* globals = nullptr;
    const Heap* heap = nullptr;
    const MemoryPieces* pieces = nullptr;
};
[[nodiscard]] InsideBefore inside_before(const Recording& recording, std::size_t process, std::int32_t thread,
                                         std::size_t moment);

// The lowest address that the innermost function of `stack` uses: below the stack pointer where it calls nobody (System V ABI,
// AMD64, the red zone).
[[nodiscard]] Address lowest_in_use(const Stack& stack, Address stack_pointer);

// The innermost frame of the program itself whose source is known; nullptr: none.
[[nodiscard]] const StackFrame* own_frame(const ThreadState& thread);
// The machine code that `address` of the process lies in, if the recording has it.
[[nodiscard]] const FunctionCode* function_at(const Recording& recording, const Process& process, Address address);
// nullptr: not kept.
[[nodiscard]] const SourceFile* source_of(const Recording& recording, const std::string& path);
// Its lines without their ends.
[[nodiscard]] std::vector<std::string_view> lines_of(std::string_view text);

}  // namespace procatlas
