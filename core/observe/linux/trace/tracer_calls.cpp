// Tracer: the system calls that the filter stops at.
#include <sched.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <climits>

#include "core/observe/linux/proc/copied_bytes.h"
#include "core/observe/linux/proc/descriptors.h"
#include "core/observe/linux/proc/maps.h"
#include "core/observe/linux/proc/proc_file.h"
#include "core/observe/linux/trace/tracer.h"

namespace procatlas {
namespace {

constexpr std::size_t output_text_limit = 64 * 1024;

std::string read_copied_vector(pid_t tid, Address address, std::size_t count, std::size_t size) {
    const std::string raw = read_copied_bytes(tid, address, std::min<std::size_t>(count, IOV_MAX) * sizeof(iovec));
    std::string bytes;
    for (std::size_t at = 0; at + sizeof(iovec) <= raw.size() && bytes.size() < size; at += sizeof(iovec)) {
        iovec part{};
        std::copy_n(raw.data() + at, sizeof part, reinterpret_cast<char*>(&part));
        bytes += read_copied_bytes(tid, reinterpret_cast<Address>(part.iov_base), std::min(part.iov_len, size - bytes.size()));
    }
    return bytes;
}

// A path that the kernel has looked at: up to its end, within its page and the next.
std::string read_copied_path(pid_t tid, Address address) {
    constexpr Address page = 4096;
    std::string path;
    for (int pages = 0; address != 0 && pages < 2; ++pages) {
        const std::string part = read_copied_bytes(tid, address, page - address % page);
        const auto end = part.find('\0');
        path += part.substr(0, end);
        if (end != std::string::npos || part.empty()) {
            break;
        }
        address += part.size();
    }
    return path;
}

// -ERESTARTSYS and its kin: the call was interrupted by a signal and will be made again.
bool will_be_restarted(std::int64_t result) {
    return result <= -512 && result >= -516;
}

}  // namespace

void Tracer::on_call_entry(TracedThread& thread) {
    __ptrace_syscall_info info{};
    if (::ptrace(PTRACE_GET_SYSCALL_INFO, thread.tid, sizeof info, &info) <= 0 || info.op != PTRACE_SYSCALL_INFO_SECCOMP) {
        return;
    }
    thread.call = info.seccomp.nr;
    std::copy_n(info.seccomp.args, thread.arguments.size(), thread.arguments.begin());
    thread.in_call = true;
    switch (thread.call) {
        case __NR_write:
        case __NR_writev: {
            // Only what goes to our terminal is shown; the link is text that the kernel makes, the file is not touched.
            const auto target = read_proc_link(thread.tid, thread.arguments[0] == 1 ? "fd/1" : "fd/2");
            thread.in_call = target && *target == terminal_.slave_path();
            break;
        }
        case __NR_brk:
            thread.in_call = thread.arguments[0] != 0;  // brk(0) only asks
            break;
        case __NR_execve:
        case __NR_execveat:
            if (const MemoryText* memory = read_memory(thread, memory_)) {
                thread.process->mappings_before_exec = static_cast<std::uint32_t>(std::ranges::count(memory->maps, '\n'));
            }
            remember_closing(*thread.process, thread.tid);
            break;
        case __NR_mmap:
        case __NR_munmap:
        case __NR_mremap:
        case __NR_mprotect:
            break;
        case __NR_clone:
            thread.in_call = false;
            if ((thread.arguments[0] & CLONE_VM) == 0) {
                look_before_fork(thread);
            }
            break;
        case __NR_clone3:
#ifdef __NR_fork
        case __NR_fork:
        case __NR_vfork:
#endif
            thread.in_call = false;
            look_before_fork(thread);
            break;
        default:
            thread.in_call = false;  // a filter of the program's own
            break;
    }
}

// What the exec will close, if it works.
void Tracer::remember_closing(TracedProcess& process, pid_t tid) const {
    process.closing.clear();
    if (auto found = watch_descriptors_ ? read_descriptors(tid) : std::nullopt) {
        std::erase_if(found->open, [](const OpenDescriptor& descriptor) { return !descriptor.close_on_exec; });
        process.closing = std::move(found->open);
    }
}

void Tracer::on_call_return(TracedThread& thread) {
    __ptrace_syscall_info info{};
    if (!std::exchange(thread.in_call, false) || ::ptrace(PTRACE_GET_SYSCALL_INFO, thread.tid, sizeof info, &info) <= 0 ||
        info.op != PTRACE_SYSCALL_INFO_EXIT || will_be_restarted(info.exit.rval)) {
        return;
    }
    const std::int64_t result = info.exit.rval;
    switch (thread.call) {
        case __NR_write:
        case __NR_writev:
            tell_output(thread, result);
            break;
        case __NR_execve:
        case __NR_execveat:
            tell_failed_exec(thread, result);
            break;
        default:
            tell_memory_call(thread, result);
            break;
    }
}

void Tracer::tell_output(TracedThread& thread, std::int64_t result) {
    if (result <= 0) {
        return;
    }
    OutputEvent output;
    output.stream = thread.arguments[0] == 1 ? OutputStream::standard_output : OutputStream::standard_error;
    output.size = static_cast<std::uint64_t>(result);
    const std::size_t wanted = std::min<std::size_t>(output.size, output_text_limit);
    output.text = thread.call == __NR_write ? read_copied_bytes(thread.tid, thread.arguments[1], wanted)
                                            : read_copied_vector(thread.tid, thread.arguments[1], thread.arguments[2], wanted);
    // The terminal shows a newline as two bytes; of a text that was cut, any byte may be one.
    bytes_attributed_ +=
        2 * output.size - output.text.size() + static_cast<std::uint64_t>(std::ranges::count(output.text, '\n'));
    // What a program prints of itself must be seen beside the memory that it has then.
    const MemoryText* memory = read_stale_memory(thread, memory_);
    Event event = event_of(thread, std::move(output));
    look_at_pipes(thread, event);
    settle(thread, std::move(event), EventClass::output, memory);
}

void Tracer::tell_failed_exec(TracedThread& thread, std::int64_t result) {
    if (result >= 0) {
        return;
    }
    const Address path = thread.arguments[thread.call == __NR_execve ? 0 : 1];
    ExecFailedEvent failed{result == -EFAULT ? std::string() : read_copied_path(thread.tid, path), static_cast<int>(-result)};
    settle(thread, event_of(thread, std::move(failed)), EventClass::lifecycle);
}

void Tracer::tell_memory_call(TracedThread& thread, std::int64_t result) {
    MemoryEvent memory;
    const auto& a = thread.arguments;
    const auto value = static_cast<Address>(result);
    memory.address = a[0];
    memory.length = a[1];
    memory.error = result < 0 && result > -4096 ? static_cast<int>(-result) : 0;
    switch (thread.call) {
        case __NR_brk:
            memory.call = MemoryCall::brk;
            memory.length = 0;
            memory.result = value;
            memory.error = value < a[0] ? ENOMEM : 0;  // brk(2): the system call returns the old end where it fails
            break;
        case __NR_mmap:
            memory.call = MemoryCall::mmap;
            memory.protection = a[2];
            memory.result = memory.error == 0 ? value : 0;
            break;
        case __NR_munmap:
            memory.call = MemoryCall::munmap;
            break;
        case __NR_mremap:
            memory.call = MemoryCall::mremap;
            memory.length = a[2];
            memory.result = memory.error == 0 ? value : 0;
            break;
        default:
            memory.call = MemoryCall::mprotect;
            memory.protection = a[2];
            break;
    }
    const MemoryText* text = memory.error == 0 ? read_memory_if_cheap(thread, memory_) : nullptr;
    Event event = event_of(thread, memory);
    look_at_pipes(thread, event);
    settle(thread, std::move(event), EventClass::memory, text);
}

}  // namespace procatlas
