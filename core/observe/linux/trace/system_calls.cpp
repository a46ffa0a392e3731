#include "core/observe/linux/trace/system_calls.h"

#include <sched.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <utility>

#include "core/observe/linux/proc/copied_bytes.h"
#include "core/observe/linux/proc/proc_file.h"

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

bool is_fork(const PendingCall& call) {
    switch (call.number) {
        case __NR_clone:
            return (call.arguments[0] & CLONE_VM) == 0;
        case __NR_clone3:
#ifdef __NR_fork
        case __NR_fork:
        case __NR_vfork:
#endif
            return true;
        default:
            return false;
    }
}

}  // namespace

bool will_be_restarted(std::int64_t result) {
    return result <= -512 && result >= -516;
}

std::optional<Gathered> SystemCalls::gather_entry(TracedThread& thread) {
    __ptrace_syscall_info info{};
    if (::ptrace(PTRACE_GET_SYSCALL_INFO, thread.tid, sizeof info, &info) <= 0 || info.op != PTRACE_SYSCALL_INFO_SECCOMP) {
        return std::nullopt;
    }
    PendingCall call{info.seccomp.nr, {}};
    std::copy_n(info.seccomp.args, call.arguments.size(), call.arguments.begin());
    thread.call.reset();
    if (wants_return(thread, call)) {
        thread.call = call;
    }
    return is_fork(call) ? gather_pages_before_fork(thread) : std::nullopt;
}

// Does what has to be done before the call is executed.
bool SystemCalls::wants_return(TracedThread& thread, const PendingCall& call) {
    switch (call.number) {
        case __NR_write:
        case __NR_writev: {
            // The link is text that the kernel makes; the file is not touched.
            const auto target = read_proc_link(thread.tid, call.arguments[0] == 1 ? "fd/1" : "fd/2");
            return target && *target == terminal_;
        }
        case __NR_brk:
            return call.arguments[0] != 0;  // brk(0) only asks
        case __NR_execve:
        case __NR_execveat:
            if (const MemoryText* memory = gatherer_.maps().read(thread)) {
                thread.process->mappings_before_exec = count_mappings(*memory);
            }
            gatherer_.descriptors().remember_closing(thread);
            return true;
        case __NR_mmap:
        case __NR_munmap:
        case __NR_mremap:
        case __NR_mprotect:
            return true;
        default:
            return false;  // a fork, or a filter of the program's own
    }
}

std::optional<Gathered> SystemCalls::gather_pages_before_fork(TracedThread& thread) {
    if (!gatherer_.pages().wants_before_fork(thread)) {
        return std::nullopt;
    }
    const std::shared_ptr<const Pages> before = thread.process->pages;
    Gathered gathered = gatherer_.gather(thread, PagesEvent{}, EventClass::passing,
                                         {.map = Reading::Map::always, .pages = Reading::PageStates::always});
    return has_newly_exclusive(*before, *thread.process->pages) ? std::optional(std::move(gathered)) : std::nullopt;
}

std::optional<Gathered> SystemCalls::gather_return(TracedThread& thread) {
    __ptrace_syscall_info info{};
    const auto call = std::exchange(thread.call, std::nullopt);
    if (!call || ::ptrace(PTRACE_GET_SYSCALL_INFO, thread.tid, sizeof info, &info) <= 0 ||
        info.op != PTRACE_SYSCALL_INFO_EXIT || will_be_restarted(info.exit.rval)) {
        return std::nullopt;
    }
    const std::int64_t result = info.exit.rval;
    switch (call->number) {
        case __NR_write:
        case __NR_writev:
            return gather_output(thread, *call, result);
        case __NR_execve:
        case __NR_execveat: {
            if (result >= 0) {
                return std::nullopt;
            }
            const Address path = call->arguments[call->number == __NR_execve ? 0 : 1];
            return gatherer_.gather(thread,
                                    ExecFailedEvent{result == -EFAULT ? std::string() : read_copied_path(thread.tid, path),
                                                    static_cast<int>(-result)},
                                    EventClass::lifecycle);
        }
        default: {
            const MemoryEvent memory = memory_event(*call, result);
            return gatherer_.gather(
                thread, memory, EventClass::memory,
                {.map = memory.error == 0 ? Reading::Map::if_cheap : Reading::Map::none, .files = Reading::Files::pipes});
        }
    }
}

std::optional<Gathered> SystemCalls::gather_output(TracedThread& thread, const PendingCall& call, std::int64_t result) {
    if (result <= 0) {
        return std::nullopt;
    }
    OutputEvent output;
    output.stream = call.arguments[0] == 1 ? OutputStream::standard_output : OutputStream::standard_error;
    output.size = static_cast<std::uint64_t>(result);
    const std::size_t wanted = std::min<std::size_t>(output.size, output_text_limit);
    output.text = call.number == __NR_write ? read_copied_bytes(thread.tid, call.arguments[1], wanted)
                                            : read_copied_vector(thread.tid, call.arguments[1], call.arguments[2], wanted);
    // The terminal shows a newline as two bytes. Of a text that was cut, any byte may be one.
    bytes_attributed_ +=
        2 * output.size - output.text.size() + static_cast<std::uint64_t>(std::ranges::count(output.text, '\n'));
    // What a program prints of itself must be seen beside the memory that it has then.
    return gatherer_.gather(thread, std::move(output), EventClass::output,
                            {.map = Reading::Map::if_stale, .files = Reading::Files::pipes});
}

MemoryEvent memory_event(const PendingCall& call, std::int64_t result) {
    MemoryEvent memory;
    const auto& a = call.arguments;
    const auto value = static_cast<Address>(result);
    memory.address = a[0];
    memory.length = a[1];
    memory.error = result < 0 && result > -4096 ? static_cast<int>(-result) : 0;
    switch (call.number) {
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
    return memory;
}

}  // namespace procatlas
