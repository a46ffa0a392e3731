#include "core/observe/linux/trace/system_calls.h"

#include <sched.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/observe/linux/launch/syscall_filter.h"
#include "core/observe/linux/proc/copied_bytes.h"
#include "core/observe/linux/step/stopped_thread.h"
#include "core/observe/linux/trace/changed_code.h"
#include "core/observe/linux/trace/escaping_clone.h"
#include "core/observe/linux/trace/hiding_calls.h"
#include "core/observe/linux/trace/pid_namespace.h"
#include "core/observe/linux/trace/program_messages.h"

namespace procatlas {
namespace {

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

// The arguments of a 32-bit program's mmap, which the kernel has just read from its memory.
void fetch_arguments(pid_t tid, PendingCall& call) {
    const std::string raw = read_copied_bytes(tid, call.arguments[0], call.arguments.size() * sizeof(std::uint32_t));
    for (std::size_t i = 0; i < call.arguments.size(); ++i) {
        std::uint32_t value = 0;
        if (raw.size() >= (i + 1) * sizeof value) {
            std::memcpy(&value, raw.data() + i * sizeof value, sizeof value);
        }
        call.arguments[i] = value;
    }
}

// Where a memory call that has worked may have changed the map, and the stack, which grows by itself.
std::vector<AddressRange> changed_ranges(const TracedProcess& process, const PendingCall& call, const MemoryEvent& memory,
                                         Address stack_pointer) {
    const auto& a = call.arguments;
    std::vector<AddressRange> ranges{{stack_pointer, stack_pointer + 1}};
    switch (memory.call) {
        case MemoryCall::brk:
            if (process.marks.start_brk == 0) {
                return {};
            }
            ranges.push_back({process.marks.start_brk, std::max(process.marks.start_brk, memory.result) + 1});
            break;
        case MemoryCall::mmap:
            ranges.push_back({memory.result, memory.result + memory.length});
            break;
        case MemoryCall::mremap:
            ranges.push_back({a[0], a[0] + a[1]});
            ranges.push_back({memory.result, memory.result + memory.length});
            break;
        case MemoryCall::munmap:
        case MemoryCall::mprotect:
            ranges.push_back({memory.address, memory.address + memory.length});
            break;
    }
    return ranges;
}

}  // namespace

bool will_be_restarted(std::int64_t result) {
    return result <= -512 && result >= -516;
}

std::optional<Gathered> SystemCalls::gather_entry(TracedThread& thread) {
    if (thread.addition) {
        return std::nullopt;  // a filter of the program's own stops it; it goes on to its return
    }
    auto entry = read_call_entry(thread.tid);
    if (!entry) {
        return std::nullopt;
    }
    thread.call.reset();
    if (turns_ != nullptr && entry->call.form == CallForm::native && entry->mark == watched_mark) {
        turns_->arrive(thread, entry->call);
    }
    if (is_program_message(*entry)) {
        return gather_program_message(gatherer_, thread, entry->call);
    }
    if (entry->call.form == CallForm::native && entry->mark == watched_mark && may_hide_memory(entry->call)) {
        if (thread.process->breakpoints->has_plan()) {
            thread.process->breakpoints->set_aside(thread.tid);
            thread.call = entry->call;
        }
        return std::nullopt;
    }
    switch (seccomp_.take_entry(thread, *entry)) {
        case OwnSeccomp::Entry::answered:
            return std::nullopt;
        case OwnSeccomp::Entry::wants_return:
            thread.call = entry->call;
            return std::nullopt;
        case OwnSeccomp::Entry::not_ours:
            break;
    }
    if (wants_return(thread, entry->call)) {
        thread.call = entry->call;
    }
    return is_fork(entry->call) ? gather_pages_before_fork(thread) : std::nullopt;
}

// Does what has to be done before the call is executed.
bool SystemCalls::wants_return(TracedThread& thread, PendingCall& call) {
    switch (call.number) {
        case __NR_brk:
            return call.arguments[0] != 0;  // brk(0) only asks
        case __NR_execve:
        case __NR_execveat:
            if (thread.process->breakpoints.use_count() == 1) {  // else whoever shares the memory lives on in it
                look_for_changed_code(sink_, thread);
            }
            thread.process->mappings_before_exec = gatherer_.maps().count(thread);
            gatherer_.descriptors().remember_closing(thread);
            return true;
        case __NR_mmap:
        case __NR_munmap:
        case __NR_mremap:
        case __NR_mprotect:
        case __NR_ptrace:
            return true;
        case __NR_clone:
        case __NR_clone3:
            call.untraced = take_untraced_flag(thread, call);
            return call.untraced != UntracedFlag::kept;
        default:
            return output_.wants_return(thread, call);
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
    if (thread.addition) {
        if (!thread.addition->continues(thread.tid)) {
            thread.addition.reset();
            thread.call.reset();
        }
        return std::nullopt;
    }
    const auto call = std::exchange(thread.call, std::nullopt);
    const auto end = call ? read_call_return(thread.tid) : std::nullopt;
    if (!end || will_be_restarted(end->result)) {
        return std::nullopt;
    }
    if (may_hide_memory(*call)) {
        tell_if_hidden(thread, *end);
        return std::nullopt;
    }
    switch (call->number) {
        case __NR_execve:
        case __NR_execveat:
            return end->result < 0 ? gather_failed_exec(thread, *call, *end) : std::nullopt;
        case __NR_brk:
        case __NR_mmap:
        case __NR_munmap:
        case __NR_mremap:
        case __NR_mprotect:
            return gather_memory(thread, *call, *end);
        case __NR_clone:
        case __NR_clone3:
            end_clone(thread, *call, end->result);
            return std::nullopt;
        case __NR_ptrace:
            tell_refused_debugger(thread, *call, end->result);
            return std::nullopt;
        case __NR_prctl:
        case __NR_seccomp:
            seccomp_.take_return(thread);
            return std::nullopt;
        default:
            return output_.gather_return(thread, *call, *end);
    }
}

std::optional<Gathered> SystemCalls::gather_failed_exec(TracedThread& thread, const PendingCall& call, const CallReturn& end) {
    const Address path = call.arguments[call.number == __NR_execve ? 0 : 1];
    return gatherer_.gather(thread,
                            ExecFailedEvent{end.result == -EFAULT ? std::string() : read_copied_path(thread.tid, path),
                                            static_cast<int>(-end.result)},
                            EventClass::lifecycle, {.place = end.place});
}

namespace {

// Whether a Python interpreter has mapped or unmapped a piece for its frames (CPython, Python/pystate.c: 16 KiB by its
// allocator of arenas); keeps account of them.
bool is_frame_piece(WatchedCalls& calls, const PendingCall& call, const MemoryEvent& memory) {
    constexpr ByteCount piece = 16 * 1024;
    if (!calls.is_told_by_hook || memory.error != 0 || memory.length != piece) {
        return false;
    }
    if (memory.call == MemoryCall::mmap) {
        const bool alike = memory.address == 0 && memory.protection == (PROT_READ | PROT_WRITE) &&
                           call.arguments[3] == (MAP_PRIVATE | MAP_ANONYMOUS);
        return alike && calls.frame_pieces.insert(memory.result).second;
    }
    return memory.call == MemoryCall::munmap && calls.frame_pieces.erase(memory.address) != 0;
}

}  // namespace

std::optional<Gathered> SystemCalls::gather_memory(TracedThread& thread, PendingCall call, const CallReturn& end) {
    if (call.arguments_in_memory) {
        fetch_arguments(thread.tid, call);
    }
    const MemoryEvent memory = memory_event(call, end.result);
    if (is_frame_piece(thread.process->calls, call, memory)) {
        thread.process->map_budget.leave_stale();
        return std::nullopt;
    }
    const std::vector<AddressRange> changed = changed_ranges(*thread.process, call, memory, end.place.stack_pointer);
    if (memory.error == 0 && memory.call != MemoryCall::brk && memory.call != MemoryCall::mprotect) {
        for (const AddressRange& range : changed) {
            look_for_changed_code(sink_, thread, range);
        }
    }
    return gatherer_.gather(thread, memory, EventClass::memory,
                            {.map = memory.error == 0 ? Reading::Map::if_cheap : Reading::Map::none,
                             .files = Reading::Files::pipes,
                             .place = end.place,
                             .changed = changed});
}

// The instruction that it returned to has just been executed, so its page is there.
void SystemCalls::tell_if_hidden(const TracedThread& thread, const CallReturn& end) {
    const Address last = end.place.program_counter - 1;
    if (end.result == 0 && thread.process->breakpoints->knows_functions() && !peek_byte(thread.tid, last)) {
        sink_.tell(sink_.event_of(thread.process->key, thread.tid, GapEvent{GapCode::calls_not_followed, {}, 0}));
    }
}

void SystemCalls::end_clone(TracedThread& thread, const PendingCall& call, std::int64_t result) {
    put_untraced_flag_back(thread, call, call.untraced);
    const auto child = static_cast<pid_t>(result);
    const bool escaped = call.untraced == UntracedFlag::unknown && result > 0 && is_in_our_pid_namespace(*thread.process) &&
                         !tracees_.find_thread(child) && !tracees_.is_early(child);
    if (escaped) {
        sink_.tell(sink_.event_of(thread.process->key, thread.tid,
                                  GapEvent{GapCode::not_followed, {}, static_cast<std::uint64_t>(child)}));
    }
}

// A process has one tracer, and that is us.
void SystemCalls::tell_refused_debugger(const TracedThread& thread, const PendingCall& call, std::int64_t result) {
    const bool by_parent = call.arguments[0] == PTRACE_TRACEME;  // asks to be traced
    const auto target = static_cast<pid_t>(call.arguments[1]);
    const TracedThread* traced = by_parent ? &thread : tracees_.find_thread(target);
    if (result == -EPERM && traced && is_in_our_pid_namespace(*thread.process)) {
        const auto whom = static_cast<std::uint64_t>(traced->process->key.pid);
        const ProcessKey by = by_parent ? ProcessKey{thread.process->parent, 0} : thread.process->key;
        sink_.tell(sink_.event_of(thread.process->key, thread.tid,
                                  NoteEvent{NoteCode::debugger_refused, std::to_string(by.pid), whom}));
    }
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
