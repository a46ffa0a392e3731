// The floor of what tracing costs here: follows a command and all that comes of it by ptrace, stops at each fork, exec and exit
// and reads as many maps there as we must have, and does nothing with what it read.
// bare_tracer READS COMMAND ARG...   READS 0: none; 3: the child's at a fork, and at exec and exit; 4: the parent's at a fork
//                                    too; calls: 3, and stops at the calls that we stop at, before and after each, and asks the
//                                    kernel there what it is; maps: calls, and reads the map after each memory call;
//                                    told: 3, and reads what our events tell beside the map: the open files at a fork and an
//                                    exec, the program, its arguments and its places at an exec; pages: maps, and reads
//                                    pagemap wherever it reads a map
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
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
    bool told = false;
    bool pages = false;
};

std::string path_of(pid_t pid, const char* name) {
    return "/proc/" + std::to_string(pid) + "/" + name;
}

std::string_view read_file(const std::string& path) {
    static std::array<char, 65536> buffer;
    std::size_t size = 0;
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    for (ssize_t got = 1; file >= 0 && got > 0; size += static_cast<std::size_t>(std::max<ssize_t>(got, 0))) {
        got = ::read(file, buffer.data() + size, buffer.size() - size);
    }
    ::close(file);
    return {buffer.data(), size};
}

void read_pagemap(pid_t pid, std::string_view maps) {
    static std::array<std::uint64_t, 1 << 16> entries;
    const int file = ::open(path_of(pid, "pagemap").c_str(), O_RDONLY | O_CLOEXEC);
    for (std::string_view line; !maps.empty(); maps.remove_prefix(std::min(maps.size(), line.size() + 1))) {
        line = maps.substr(0, maps.find('\n'));
        const std::uint64_t start = std::strtoull(line.data(), nullptr, 16) / 4096;
        const std::uint64_t end = std::strtoull(line.data() + line.find('-') + 1, nullptr, 16) / 4096;
        const std::size_t bytes = std::min<std::size_t>(entries.size(), end - start) * sizeof entries[0];
        (void)!::pread(file, entries.data(), bytes, static_cast<off_t>(start * sizeof entries[0]));
    }
    ::close(file);
}

void read_maps(pid_t pid, bool pages = false) {
    const std::string_view maps = read_file(path_of(pid, "maps"));
    if (pages) {
        read_pagemap(pid, maps);
    }
}

// Target and flags of each.
void read_open_files(pid_t pid) {
    DIR* const folder = ::opendir(path_of(pid, "fd").c_str());
    std::array<char, 4096> target;
    for (const dirent* entry = nullptr; folder && (entry = ::readdir(folder));) {
        if (::readlinkat(::dirfd(folder), entry->d_name, target.data(), target.size()) > 0) {
            read_file(path_of(pid, "fdinfo/") + entry->d_name);
        }
    }
    ::closedir(folder);
}

void read_program(pid_t pid) {
    std::array<char, 4096> target;
    (void)!::readlink(path_of(pid, "exe").c_str(), target.data(), target.size());
    read_file(path_of(pid, "stat"));
    read_file(path_of(pid, "cmdline"));
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
        read_maps(tracee, work.pages);
    }
    return false;
}

// What else the tracee is to get when it goes on.
int at_stop(pid_t tracee, int status, const Work& work) {
    const int event = status >> 16;
    if (event == 0) {
        return WSTOPSIG(status);
    }
    unsigned long message = 0;
    ::ptrace(PTRACE_GETEVENTMSG, tracee, nullptr, &message);
    const bool fork = event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK || event == PTRACE_EVENT_CLONE;
    if (fork && work.reads > 3) {
        read_maps(tracee, work.pages);
    }
    if (work.reads > 2 && (fork || event == PTRACE_EVENT_EXEC || event == PTRACE_EVENT_EXIT)) {
        read_maps(fork ? static_cast<pid_t>(message) : tracee, work.pages);
    }
    if (work.told && (fork || event == PTRACE_EVENT_EXEC)) {
        read_open_files(tracee);
    }
    if (work.told && event == PTRACE_EVENT_EXEC) {
        read_program(tracee);
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
    const bool pages = asked == "pages";
    const bool changes = asked == "maps" || pages;
    const bool calls = changes || asked == "calls";
    const bool told = asked == "told";
    const Work work{calls || told ? 3 : std::atoi(arguments[1]), calls, changes, told, pages};
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
            ::ptrace(PTRACE_CONT, tracee, nullptr, at_stop(tracee, status, work));
        }
    }
    return 0;
}
