#include "core/observe/linux/trace/wait_status.h"

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>

namespace procatlas {
namespace {

WaitStatus::Kind kind_of_stop(int event, int signal) {
    switch (event) {
        case 0:
            return signal == (SIGTRAP | 0x80) ? WaitStatus::Kind::call_return : WaitStatus::Kind::signal;
        case PTRACE_EVENT_SECCOMP:
            return WaitStatus::Kind::call_entry;
        case PTRACE_EVENT_FORK:
            return WaitStatus::Kind::fork;
        case PTRACE_EVENT_VFORK:
            return WaitStatus::Kind::vfork;
        case PTRACE_EVENT_CLONE:
            return WaitStatus::Kind::clone;
        case PTRACE_EVENT_EXEC:
            return WaitStatus::Kind::exec;
        case PTRACE_EVENT_EXIT:
            return WaitStatus::Kind::exit_stop;
        case PTRACE_EVENT_STOP:
            return is_stop_signal(signal) ? WaitStatus::Kind::group_stop : WaitStatus::Kind::event_stop;
        default:
            return WaitStatus::Kind::unknown;
    }
}

}  // namespace

WaitStatus::WaitStatus(int status) {
    if (WIFEXITED(status)) {
        kind_ = Kind::exited;
        exit_code_ = WEXITSTATUS(status);
    } else if (WIFSIGNALED(status)) {
        kind_ = Kind::killed;
        signal_ = WTERMSIG(status);
        core_dumped_ = WCOREDUMP(status);
    } else if (WIFSTOPPED(status)) {
        stopped_ = true;
        kind_ = kind_of_stop(status >> 16, WSTOPSIG(status));
        signal_ = kind_ == Kind::signal || kind_ == Kind::group_stop ? WSTOPSIG(status) : 0;
    }
}

bool is_stop_signal(int signal) {
    return signal == SIGSTOP || signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU;
}

}  // namespace procatlas
