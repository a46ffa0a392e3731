#include "core/observe/linux/trace/tracees.h"

#include <signal.h>

namespace procatlas {

TracedProcess& Tracees::add_process(ProcessKey key, pid_t parent) {
    TracedProcess& process = processes_[key.pid];
    process.key = key;
    process.parent = parent;
    if (TracedProcess* known = find_process(parent)) {
        known->children.insert(key.pid);
        process.memory_line = known->memory_line;
    }
    ++alive_;
    return process;
}

TracedProcess* Tracees::find_process(pid_t pid) {
    const auto found = processes_.find(pid);
    return found == processes_.end() ? nullptr : &found->second;
}

// A process whose end nobody was told of (the first one of a PID namespace) still has its threads.
void Tracees::remove_process(pid_t pid) {
    if (const auto found = processes_.find(pid); found != processes_.end()) {
        remove_threads_of(found->second);
        processes_.erase(found);
    }
}

void Tracees::mark_exit_told(TracedProcess& process) {
    process.life = ProcessLife::exit_told;
    --alive_;
}

TracedThread& Tracees::add_thread(pid_t tid, TracedProcess& process) {
    TracedThread& thread = threads_[tid];
    thread = {};
    thread.tid = tid;
    thread.process = &process;
    return thread;
}

TracedThread* Tracees::find_thread(pid_t tid) {
    const auto found = threads_.find(tid);
    return found == threads_.end() ? nullptr : &found->second;
}

void Tracees::remove_thread(pid_t tid) {
    threads_.erase(tid);
}

void Tracees::remove_threads_of(const TracedProcess& process, pid_t except) {
    std::erase_if(threads_, [&](const auto& entry) { return entry.second.process == &process && entry.first != except; });
}

void Tracees::add_early(pid_t tid, const EarlyStop& early) {
    early_.insert_or_assign(tid, early);
}

std::optional<EarlyStop> Tracees::take_early(pid_t tid) {
    const auto entry = early_.extract(tid);
    return entry ? std::optional(entry.mapped()) : std::nullopt;
}

std::vector<pid_t> Tracees::early_of(pid_t process) const {
    std::vector<pid_t> found;
    for (const auto& [tid, early] : early_) {
        if (early.parent == process || early.process == process) {
            found.push_back(tid);
        }
    }
    return found;
}

std::vector<pid_t> Tracees::early_and_late(std::uint64_t since_ns) const {
    std::vector<pid_t> late;
    for (const auto& [tid, early] : early_) {
        const auto parent = processes_.find(early.parent);
        const bool parent_gone = parent != processes_.end() && parent->second.is_dead();
        if (parent_gone || early.since_ns < since_ns) {
            late.push_back(tid);
        }
    }
    return late;
}

void Tracees::signal_all(int signal) const {
    for (const auto& [pid, process] : processes_) {
        if (!process.is_dead()) {
            ::kill(pid, signal);
        }
    }
    for (const auto& [pid, early] : early_) {
        ::kill(pid, signal);
    }
}

}  // namespace procatlas
