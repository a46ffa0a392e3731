// The floor of what tracing costs here: follows a command and all that comes of it by ptrace, stops at each fork, exec and exit
// and reads as many maps there as we must have, and does nothing with what it read.
// bare_tracer READS COMMAND ARG...   READS 0: none; 3: the child's at a fork, and at exec and exit; 4: the parent's at a fork
// too
#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

void read_maps(pid_t pid) {
    static std::array<char, 65536> buffer;
    const int file = ::open(("/proc/" + std::to_string(pid) + "/maps").c_str(), O_RDONLY | O_CLOEXEC);
    while (file >= 0 && ::read(file, buffer.data(), buffer.size()) > 0) {
    }
    ::close(file);
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
    const int reads = std::atoi(arguments[1]);
    const pid_t first = ::fork();
    if (first == 0) {
        ::raise(SIGSTOP);
        ::execvp(arguments[2], arguments + 2);
        ::_exit(127);
    }
    int status = 0;
    ::waitpid(first, &status, WUNTRACED);
    constexpr long options = PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC |
                             PTRACE_O_TRACEEXIT | PTRACE_O_EXITKILL;
    if (::ptrace(PTRACE_SEIZE, first, nullptr, options) != 0) {
        std::perror("ptrace");
        return 1;
    }
    ::kill(first, SIGCONT);
    for (pid_t tracee = 0; (tracee = ::waitpid(-1, &status, __WALL)) > 0;) {
        if (WIFSTOPPED(status)) {
            const int signal = at_stop(tracee, status, reads);
            ::ptrace(PTRACE_CONT, tracee, nullptr, signal);
        }
    }
    return 0;
}
