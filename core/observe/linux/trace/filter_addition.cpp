#include "core/observe/linux/trace/filter_addition.h"

#include <linux/seccomp.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <utility>

#include "core/observe/linux/proc/copied_bytes.h"
#include "core/observe/linux/proc/present_bytes.h"

namespace procatlas {

#if defined(__x86_64__)

// What is written below the thread's stack. Has linkage because `Saved`, which the header names, has a member of this type.
struct ScratchBytes {
    Address at = 0;
    std::string bytes;
};

namespace {

constexpr Address red_zone = 128;  // below the stack pointer, in use (System V ABI, AMD64)
constexpr std::size_t instruction_size = 2;
constexpr std::string_view syscall_instruction = "\x0f\x05";

// A sock_fprog and the filter behind it.
ScratchBytes scratch_of(Address stack_pointer, std::span<const sock_filter> filter) {
    constexpr Address alignment = 16;
    sock_fprog program{};
    const std::size_t size = sizeof program + filter.size_bytes();
    ScratchBytes scratch;
    scratch.at = (stack_pointer - red_zone - size) / alignment * alignment;
    program.len = static_cast<unsigned short>(filter.size());
    const Address instructions = scratch.at + sizeof program;
    std::memcpy(&program.filter, &instructions, sizeof instructions);
    scratch.bytes.resize(size);
    std::memcpy(scratch.bytes.data(), &program, sizeof program);
    std::memcpy(scratch.bytes.data() + sizeof program, filter.data(), filter.size_bytes());
    return scratch;
}

bool set_signal_mask(pid_t tid, std::uint64_t mask) {
    return ::ptrace(PTRACE_SETSIGMASK, tid, sizeof mask, &mask) == 0;
}

}  // namespace

struct FilterAddition::Saved {
    user_regs_struct registers{};
    std::uint64_t signals = 0;
    ScratchBytes scratch;
};

std::unique_ptr<FilterAddition> FilterAddition::begin(pid_t tid, std::span<const sock_filter> filter, For whom) {
    auto saved = std::make_unique<Saved>();
    user_regs_struct& before = saved->registers;
    if (::ptrace(PTRACE_GETREGS, tid, nullptr, &before) != 0 ||
        ::ptrace(PTRACE_GETSIGMASK, tid, sizeof saved->signals, &saved->signals) != 0 ||
        read_copied_bytes(tid, before.rip - instruction_size, instruction_size) != syscall_instruction) {
        return nullptr;
    }
    const ScratchBytes filled = scratch_of(before.rsp, filter);
    saved->scratch = {filled.at, read_present_bytes(tid, filled.at, filled.bytes.size())};
    if (saved->scratch.bytes.empty() || !write_present_bytes(tid, filled.at, filled.bytes)) {
        return nullptr;
    }
    user_regs_struct call = before;
    call.rip -= instruction_size;
    call.orig_rax = ~0ull;  // it is in no call that could be restarted
    call.rax = __NR_seccomp;
    call.rdi = SECCOMP_SET_MODE_FILTER;
    call.rsi = whom == For::the_process ? SECCOMP_FILTER_FLAG_TSYNC : 0;
    call.rdx = filled.at;
    if (!set_signal_mask(tid, ~0ull) || ::ptrace(PTRACE_SETREGS, tid, nullptr, &call) != 0) {
        set_signal_mask(tid, saved->signals);
        write_present_bytes(tid, filled.at, saved->scratch.bytes);
        return nullptr;
    }
    return std::unique_ptr<FilterAddition>(new FilterAddition(std::move(saved)));
}

bool FilterAddition::continues(pid_t tid) {
    __ptrace_syscall_info info{};
    if (::ptrace(PTRACE_GET_SYSCALL_INFO, tid, sizeof info, &info) <= 0) {
        return false;  // it was killed
    }
    if (info.op != PTRACE_SYSCALL_INFO_EXIT) {
        return true;
    }
    ::ptrace(PTRACE_SETREGS, tid, nullptr, &saved_->registers);
    set_signal_mask(tid, saved_->signals);
    write_present_bytes(tid, saved_->scratch.at, saved_->scratch.bytes);
    return false;
}

#else

struct FilterAddition::Saved {};

std::unique_ptr<FilterAddition> FilterAddition::begin(pid_t, std::span<const sock_filter>, For) {
    return nullptr;
}

bool FilterAddition::continues(pid_t) {
    return false;
}

#endif

FilterAddition::FilterAddition(std::unique_ptr<Saved> saved) : saved_(std::move(saved)) {}
FilterAddition::~FilterAddition() = default;

}  // namespace procatlas
