// Makes a thread add a seccomp filter to those that it has (seccomp(2)): a filter cannot be changed, and nobody else can add one.
// The thread stands at the return of a system call. It is sent over the same instruction once more, as a call to seccomp for which
// the filter lies below its stack, with all signals blocked. Afterwards everything is as it was. Where that is not possible
// nothing is done: another machine, a page that is not present, an instruction that is no system call of this machine.
#pragma once

#include <linux/filter.h>
#include <sys/types.h>

#include <memory>
#include <span>

namespace procatlas {

class FilterAddition {
public:
    enum class For { the_thread, the_process };  // the_process: all its threads have the same filters
    // Null: it is not possible. Otherwise the thread must go on by PTRACE_SYSCALL, and `continues` be asked at each of its stops
    // for a system call.
    [[nodiscard]] static std::unique_ptr<FilterAddition> begin(pid_t tid, std::span<const sock_filter> filter, For whom);

    FilterAddition(const FilterAddition&) = delete;
    FilterAddition& operator=(const FilterAddition&) = delete;
    ~FilterAddition();

    // True: the call is not over. False: it is, and the thread is as it was before.
    [[nodiscard]] bool continues(pid_t tid);

private:
    struct Saved;
    explicit FilterAddition(std::unique_ptr<Saved> saved);
    std::unique_ptr<Saved> saved_;
};

}  // namespace procatlas
