// The system calls that the filter selects (launch/syscall_filter.h): what is remembered at their entry and told at their
// return.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/model/observed_event.h"
#include "core/observe/linux/trace/gatherer.h"

namespace procatlas {

class SystemCalls {
public:
    // `terminal`: the path of the terminal that the programs run on; only output to it is told.
    SystemCalls(Gatherer& gatherer, std::string terminal) : gatherer_(gatherer), terminal_(std::move(terminal)) {}

    // Sets `thread.call` where the return of the call is to stop the thread. What is gathered is the state of the pages before
    // a fork.
    [[nodiscard]] std::optional<Gathered> gather_entry(TracedThread& thread);
    [[nodiscard]] std::optional<Gathered> gather_return(TracedThread& thread);

    // How many bytes on the terminal the output events account for.
    [[nodiscard]] std::uint64_t bytes_attributed() const { return bytes_attributed_; }

private:
    [[nodiscard]] bool wants_return(TracedThread& thread, const PendingCall& call);
    [[nodiscard]] std::optional<Gathered> gather_pages_before_fork(TracedThread& thread);
    [[nodiscard]] std::optional<Gathered> gather_output(TracedThread& thread, const PendingCall& call, std::int64_t result);

    Gatherer& gatherer_;
    std::string terminal_;
    std::uint64_t bytes_attributed_ = 0;
};

// What a memory call did, by its arguments and what it returned. `call`: brk, mmap, munmap, mremap or mprotect.
[[nodiscard]] MemoryEvent memory_event(const PendingCall& call, std::int64_t result);

// Whether that result means that a signal interrupted the call, which will be made again (-ERESTARTSYS and the like).
[[nodiscard]] bool will_be_restarted(std::int64_t result);

}  // namespace procatlas
