// The floor of what tracing costs here: follows a command and all that comes of it by ptrace, stops at each fork, exec and exit
// and reads as many maps there as we must have, and does nothing with what it read.
// bare_tracer READS COMMAND ARG...   READS 0: none; 3: the child's at a fork, and at exec and exit; 4: the parent's at a fork
//                                    too; calls: 3, and stops at the calls that we stop at, before and after each, and asks the
//                                    kernel there what it is; maps: calls, and reads the map after each memory call
#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/observe/linux/launch/syscall_filter.h"

namespace {

struct Work {
    int reads = 0;
    bool calls = false;
    bool changes = false;
};

void read_maps(pid_t pid) {
    static std::array<char, 65536> buffer;
    const int file = ::open(("/proc/" + std::to_string(pid) + "/maps").c_str(), O_RDONLY | O_CLOEXEC);
    while (file >= 0 && ::read(file, buffer.data(), buffer.size()) > 0) {
    }
    ::close(file);
}

bool changes_memory(std::uint64_t call) {
    return call == SYS_brk || call == SYS_mmap || call == SYS_munmap || call == SYS_mremap || call == SYS_mprotect;
}

// Whether the tracee is to stop again when the call returns. What is asked before the call is what the answer is about.
bool at_call(pid_t tracee, const Work& work) {
    static std::uint64_t entered = 0;  // of the last tracee only: good enough for what costs the same
    __ptrace_syscall_info info{};
    ::ptrace(PTRACE_GET_SYSCALL_INFO, tracee, sizeof info, &info);
    if (info.op == PTRACE_SYSCALL_INFO_SECCOMP) {
        entered = info.seccomp.nr;
        return changes_memory(entered) || entered == SYS_write || entered == SYS_execve;
    }
    if (work.changes && changes_memory(entered)) {
        read_maps(tracee);
    }
    return false;
}

// What else the tracee is to get when it goes on.
int at_stop(pid_t tracee, int status, int reads) {
    const int event = status >> 16;
    if (event == 0) {
        return WSTOPSIG(status);
    }
    unsigned long message = 0;
    ::ptrace(PTRACE_GETEVENTMSG, tracee, nullptr, &message);
    const bool fork = event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK || event == PTRACE_EVENT_CLONE;
    if (fork && reads > 3) {
        read_maps(tracee);
    }
    if (reads > 2 && (fork || event == PTRACE_EVENT_EXEC || event == PTRACE_EVENT_EXIT)) {
        read_maps(fork ? static_cast<pid_t>(message) : tracee);
    }
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    if (count < 3) {
        std::fputs("bare_tracer READS COMMAND ARG...\n", stderr);
        return 2;
    }
    const std::string_view asked = arguments[1];
    const bool changes = asked == "maps";
    const bool calls = changes || asked == "calls";
    const Work work{calls ? 3 : std::atoi(arguments[1]), calls, changes};
    auto filter = procatlas::make_syscall_filter({});
    const pid_t first = ::fork();
    if (first == 0) {
        ::raise(SIGSTOP);
        if (calls && !procatlas::install_syscall_filter(filter)) {
            ::_exit(126);
        }
        ::execvp(arguments[2], arguments + 2);
        ::_exit(127);
    }
    int status = 0;
    ::waitpid(first, &status, WUNTRACED);
    constexpr long options = PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC |
                             PTRACE_O_TRACEEXIT | PTRACE_O_TRACESECCOMP | PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL;
    if (::ptrace(PTRACE_SEIZE, first, nullptr, options) != 0) {
        std::perror("ptrace");
        return 1;
    }
    ::kill(first, SIGCONT);
    for (pid_t tracee = 0; (tracee = ::waitpid(-1, &status, __WALL)) > 0;) {
        if (!WIFSTOPPED(status)) {
            continue;
        }
        if (status >> 16 == PTRACE_EVENT_SECCOMP || WSTOPSIG(status) == (SIGTRAP | 0x80)) {
            ::ptrace(at_call(tracee, work) ? PTRACE_SYSCALL : PTRACE_CONT, tracee, nullptr, 0);
        } else {
            ::ptrace(PTRACE_CONT, tracee, nullptr, at_stop(tracee, status, work.reads));
        }
    }
    return 0;
}
