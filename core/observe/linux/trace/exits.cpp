#include "core/observe/linux/trace/exits.h"

#include <memory>

#include "core/observe/linux/trace/changed_code.h"

namespace procatlas {

ExitEvent exit_event(const WaitStatus& status) {
    ExitEvent exit;
    if (status.kind() == WaitStatus::Kind::killed) {
        exit.signal = status.signal();
        exit.core_dumped = status.has_core_dump();
    } else {
        exit.code = status.exit_code();
    }
    return exit;
}

std::optional<Gathered> Exits::gather_exit_stop(TracedThread& thread, const WaitStatus& status) {
    TracedProcess& process = *thread.process;
    if (thread.life == ThreadLife::unborn && !thread.is_leader()) {
        sink_.tell(sink_.event_of(process.key, thread.tid, ThreadEvent{thread.tid}));  // killed before its first stop
    }
    thread.life = ThreadLife::exiting;
    thread.call.reset();
    thread.addition.reset();
    thread.signal = 0;
    --process.threads;
    if (thread.is_leader()) {
        process.leader_status = status;
    }
    if (process.threads == 0) {
        look_for_changed_code(sink_, thread);
    }
    if (process.threads > 0) {
        return gatherer_.gather(thread, ThreadExitEvent{thread.tid}, EventClass::passing, {.pages = Reading::PageStates::none});
    }
    // Where the leader ended before and otherwise, waitpid(2) alone knows which of the two statuses is the process's.
    const bool certain = thread.is_leader() || process.leader_status == status;
    if (certain && process.life == ProcessLife::living) {
        tracees_.mark_exit_told(process);
        return gatherer_.gather(thread, exit_event(status), EventClass::lifecycle,
                                {.map = Reading::Map::always, .files = Reading::Files::pipes});
    }
    if (const MemoryText* memory = gatherer_.maps().read(thread)) {
        process.final_memory = std::make_unique<MemoryText>(*memory);
    }
    return std::nullopt;
}

std::optional<Gathered> Exits::gather_unseen_end(TracedThread& thread, int signal) {
    TracedProcess& process = *thread.process;
    thread.resume_way = ResumeWay::without_us;
    if (process.life != ProcessLife::living) {
        return std::nullopt;
    }
    look_for_changed_code(sink_, thread);
    tracees_.mark_exit_told(process);
    ExitEvent exit;
    exit.signal = signal;
    return gatherer_.gather(thread, exit, EventClass::lifecycle, {.map = Reading::Map::always, .files = Reading::Files::pipes});
}

void Exits::tell_thread_end(const TracedThread& thread) {
    if (thread.life == ThreadLife::exiting) {
        return;
    }
    TracedProcess& process = *thread.process;
    --process.threads;
    if (thread.life == ThreadLife::unborn) {
        sink_.tell(sink_.event_of(process.key, thread.tid, ThreadEvent{thread.tid}));
    }
    sink_.tell(sink_.event_of(process.key, thread.tid, ThreadExitEvent{thread.tid}));
}

void Exits::tell_process_end(TracedProcess& process, const WaitStatus& status) {
    if (process.life == ProcessLife::living) {
        tracees_.mark_exit_told(process);
        sink_.tell(sink_.event_of(process.key, process.key.pid, exit_event(status)), process.final_memory.get());
    }
}

}  // namespace procatlas
