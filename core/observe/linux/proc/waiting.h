// Why a thread that is not stopped does not run: proc(5), /proc/PID/syscall.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string_view>

#include "core/model/event.h"

namespace procatlas {

// The number of a system call and its first argument.
struct KernelCall {
    long number = -1;  // -1: it sleeps in the kernel without a call
    std::uint64_t first = 0;
};

// "61 0xffffffff 0x7ffd ... sp pc"; nullopt: "running", or something else.
[[nodiscard]] std::optional<KernelCall> parse_kernel_call(std::string_view text);

// What `thread` waits for; nullopt: it runs, or it is gone.
[[nodiscard]] std::optional<WaitsEvent> read_waiting(pid_t thread);

}  // namespace procatlas
