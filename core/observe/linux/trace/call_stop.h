// A thread at the entry or the return of a system call, as the kernel tells it (PTRACE_GET_SYSCALL_INFO), and what can be done
// to the call there. The calls of 32-bit programs have numbers of their own and are told by those of this machine.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <optional>

#include "core/observe/linux/step/thread_steps.h"

namespace procatlas {

// native: of this machine; compat: of a 32-bit program, or by `int 0x80`
enum class CallForm : std::uint8_t { native, compat };

// Of a clone with CLONE_UNTRACED (escaping_clone.h). kept: nothing was done. unknown: clone3 has its flags in memory, and they
// could not be read.
enum class UntracedFlag : std::uint8_t { kept, taken, unknown };

// A system call whose return will stop the thread.
struct PendingCall {
    std::uint64_t number = 0;  // of this machine
    std::array<std::uint64_t, 6> arguments{};
    CallForm form = CallForm::native;
    bool arguments_in_memory = false;  // mmap of a 32-bit program: the first one is where they are
    UntracedFlag untraced = UntracedFlag::kept;
    std::int32_t other_descriptor = -1;  // it writes to this one, which leads elsewhere, and that is asked for; -1: it does not
    std::int32_t terminal_descriptor = -1;  // it writes to this one, which leads to the terminal; -1: it does not
};

struct CallEntry {
    PendingCall call;
    std::uint16_t mark = 0;  // of the filter that stopped it (launch/syscall_filter.h)
};
// nullopt: the thread is not at the entry of a call that a filter stopped, or the call is none that we know.
[[nodiscard]] std::optional<CallEntry> read_call_entry(pid_t tid);

struct CallReturn {
    std::int64_t result = 0;
    StopPlace place;
};
// nullopt: it is not at a return.
[[nodiscard]] std::optional<CallReturn> read_call_return(pid_t tid);

// At the entry: the call is not executed and returns `result`.
void answer_call(pid_t tid, std::int64_t result);
// At the entry: the thread has not made the call yet, and makes it when it goes on, after the signals that it gets before.
void take_call_back(pid_t tid);
// At the entry.
void set_first_argument(pid_t tid, const PendingCall& call, std::uint64_t value);
// At the return: the register of the first argument as the program had it, where it does not hold the result.
void restore_first_argument(pid_t tid, const PendingCall& call);
// At the return.
void set_result(pid_t tid, std::int64_t result);

}  // namespace procatlas
