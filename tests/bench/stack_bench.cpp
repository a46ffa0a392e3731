// What the frames of a stack with all their variables cost beside a bulk read of the same bytes. The process measured waits at
// the end of so many calls, held by ptrace.
#include <benchmark/benchmark.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>

#include "core/inspect/inspector.h"

namespace {

using namespace procatlas;

class Subject {
public:
    explicit Subject(std::int64_t calls) {
        const std::string count = std::to_string(calls);
        std::array<int, 2> ready{};
        if (::pipe2(ready.data(), O_CLOEXEC) != 0) {
            std::abort();
        }
        pid_ = ::fork();
        if (pid_ == 0) {
            ::dup2(ready[1], STDOUT_FILENO);
            ::execl(PROCATLAS_DEEP_STACK, "deep_stack", count.c_str(), nullptr);
            ::_exit(127);
        }
        ::close(ready[1]);
        char byte = 0;
        const bool there = ::read(ready[0], &byte, 1) == 1;
        ::close(ready[0]);
        const bool held = there && ::ptrace(PTRACE_SEIZE, pid_, nullptr, nullptr) == 0 &&
                          ::ptrace(PTRACE_INTERRUPT, pid_, nullptr, nullptr) == 0 && ::waitpid(pid_, nullptr, 0) == pid_;
        user_regs_struct r{};
        if (!held || ::ptrace(PTRACE_GETREGS, pid_, nullptr, &r) != 0) {
            std::abort();
        }
        request_ = {pid_,
                    pid_,
                    {r.rax, r.rdx, r.rcx, r.rbx, r.rsi, r.rdi, r.rbp, r.rsp, r.r8, r.r9, r.r10, r.r11, r.r12, r.r13, r.r14,
                     r.r15, r.rip},
                    false,
                    false};
    }
    Subject(const Subject&) = delete;
    Subject& operator=(const Subject&) = delete;
    ~Subject() {
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }
    [[nodiscard]] const InsideRequest& request() const { return request_; }

private:
    pid_t pid_ = 0;
    InsideRequest request_;
};

void frames(benchmark::State& state) {
    const Subject subject(state.range(0));
    Inspector inspector;
    for (auto _ : state) {
        auto inside = inspector.answer(subject.request());
        if (!inside || inside->stack->frames.size() < static_cast<std::size_t>(state.range(0))) {
            std::abort();
        }
        benchmark::DoNotOptimize(inside);
    }
}

void bulk_read(benchmark::State& state) {
    const Subject subject(state.range(0));
    Inspector inspector;
    const auto inside = inspector.answer(subject.request());
    const auto& all = inside->stack->frames;
    const Address start = all.front()->extent.start;
    std::string bytes(all.back()->extent.end - start, '\0');
    for (auto _ : state) {
        const iovec ours{bytes.data(), bytes.size()};
        // NOLINTNEXTLINE(performance-no-int-to-ptr): an address of the other process
        const iovec theirs{reinterpret_cast<void*>(start), bytes.size()};
        if (::process_vm_readv(subject.request().pid, &ours, 1, &theirs, 1, 0) < 0) {
            std::abort();
        }
        benchmark::DoNotOptimize(bytes);
    }
}

BENCHMARK(bulk_read)->Arg(10)->Arg(100)->Arg(1000);
BENCHMARK(frames)->Arg(10)->Arg(100)->Arg(1000);

}  // namespace

BENCHMARK_MAIN();
