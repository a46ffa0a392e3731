#include "core/observe/linux/trace/signals.h"

#include <sys/ptrace.h>

#include <utility>

#include "core/observe/linux/proc/proc_status.h"
#include "core/observe/linux/trace/pid_namespace.h"

namespace procatlas {
namespace {

// Only then is si_pid set (sigaction(2)).
bool is_sent_by_process(const siginfo_t& info) {
    return info.si_code == SI_USER || info.si_code == SI_TKILL || info.si_code == SI_QUEUE || info.si_code == SI_MESGQ ||
           (info.si_signo == SIGCHLD && info.si_code > 0);
}

}  // namespace

SignalEvent signal_event(int signal, const siginfo_t& info) {
    SignalEvent event{signal, 0, std::nullopt};
    const bool fault = signal == SIGSEGV || signal == SIGBUS || signal == SIGILL || signal == SIGFPE;
    if (fault && info.si_code > 0) {
        event.address = reinterpret_cast<Address>(info.si_addr);
    } else if (is_sent_by_process(info)) {
        event.sender_pid = info.si_pid;
    }
    return event;
}

Gathered Signals::gather_signal(TracedThread& thread, int signal) {
    siginfo_t info{};
    const bool known = ::ptrace(PTRACE_GETSIGINFO, thread.tid, nullptr, &info) == 0;
    thread.signal = signal;
    SignalEvent event = known ? signal_event(signal, info) : SignalEvent{signal, 0, std::nullopt};
    event.sender_pid = our_number_of(tracees_, *thread.process, event.sender_pid);
    return gatherer_.gather(thread, std::move(event),
                            signal == SIGCHLD ? EventClass::passing : EventClass::lifecycle, {.map = Reading::Map::if_stale});
}

bool Signals::ends_untraced_only(const TracedThread& thread, int signal) {
    siginfo_t info{};
    const bool fault = signal == SIGSEGV || signal == SIGBUS || signal == SIGILL || signal == SIGFPE;
    const pid_t pid = thread.process->key.pid;
    return fault && ::ptrace(PTRACE_GETSIGINFO, thread.tid, nullptr, &info) == 0 && info.si_code > 0 &&
           number_in_its_namespace(pid) == 1 && !handles_signal(thread.tid, signal);
}

std::optional<Gathered> Signals::gather_group_stop(TracedThread& thread, int signal) {
    thread.resume_way = ResumeWay::rejoin_group_stop;
    if (std::exchange(thread.process->stop_told, true)) {
        return std::nullopt;
    }
    return gatherer_.gather(thread, StopEvent{signal}, EventClass::passing, {.pages = Reading::PageStates::none});
}

std::optional<Gathered> Signals::gather_continue(TracedThread& thread) {
    if (!std::exchange(thread.process->stop_told, false)) {
        return std::nullopt;
    }
    return gatherer_.gather(thread, ContinueEvent{}, EventClass::lifecycle);
}

}  // namespace procatlas
