// A fixture program under ptrace, as procatlas-observer would hold it: up to the breakpoint that it has in itself.
#pragma once

#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <string>

#include "core/model/grain.h"

namespace procatlas {

class StoppedFixture {
public:
    // `program` is a path; runs until its first SIGTRAP behind the exec.
    explicit StoppedFixture(const std::string& program) {
        std::array<int, 2> pipe{};
        REQUIRE(::pipe2(pipe.data(), O_CLOEXEC) == 0);
        pid_ = ::fork();
        REQUIRE(pid_ >= 0);
        if (pid_ == 0) {
            ::dup2(pipe[1], 1);
            ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
            ::execl(program.c_str(), program.c_str(), nullptr);
            ::_exit(127);
        }
        ::close(pipe[1]);
        output_ = pipe[0];
        REQUIRE(wait_for_stop() == SIGTRAP);
    }
    StoppedFixture(const StoppedFixture&) = delete;
    StoppedFixture& operator=(const StoppedFixture&) = delete;
    ~StoppedFixture() {
        ::close(output_);
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
    }

    // Other signals are passed on.
    void run_to_stop() {
        int signal = 0;
        do {
            REQUIRE(::ptrace(PTRACE_CONT, pid_, nullptr, signal) == 0);
            signal = wait_for_stop();
        } while (signal != SIGTRAP);
    }

    [[nodiscard]] pid_t pid() const { return pid_; }
    [[nodiscard]] Registers registers() const {
        user_regs_struct r{};
        REQUIRE(::ptrace(PTRACE_GETREGS, pid_, nullptr, &r) == 0);
        return {r.rax, r.rdx, r.rcx, r.rbx, r.rsi, r.rdi, r.rbp, r.rsp, r.r8,
                r.r9,  r.r10, r.r11, r.r12, r.r13, r.r14, r.r15, r.rip};
    }
    void set_breakpoint(Address address) const {
        const long word = ::ptrace(PTRACE_PEEKTEXT, pid_, address, nullptr);
        REQUIRE(::ptrace(PTRACE_POKETEXT, pid_, address, (word & ~0xFFL) | 0xCC) == 0);
    }
    // Stopped still, but by a signal, so that another debugger can have it.
    void let_go() {
        REQUIRE(::ptrace(PTRACE_DETACH, pid_, nullptr, SIGSTOP) == 0);
        int status = 0;
        REQUIRE(::waitpid(pid_, &status, WUNTRACED) == pid_);
        REQUIRE(WIFSTOPPED(status));
    }
    // What it has written so far and is in the pipe.
    [[nodiscard]] std::string output() const {
        std::array<char, 65536> buffer;
        const ssize_t size = ::read(output_, buffer.data(), buffer.size());
        return {buffer.data(), size > 0 ? static_cast<std::size_t>(size) : 0};
    }

private:
    [[nodiscard]] int wait_for_stop() const {
        int status = 0;
        REQUIRE(::waitpid(pid_, &status, 0) == pid_);
        REQUIRE(WIFSTOPPED(status));
        return WSTOPSIG(status);
    }

    pid_t pid_ = 0;
    int output_ = -1;
};

}  // namespace procatlas
