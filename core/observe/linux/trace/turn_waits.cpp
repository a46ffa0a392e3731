#include "core/observe/linux/trace/turn_waits.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#ifndef __NR_pidfd_getfd
#define __NR_pidfd_getfd 438
#endif

namespace procatlas {
namespace {

// Our duplicate of a descriptor of another process, for the time of one question: as long as we have it, a pipe has one reader
// or writer more.
class Borrowed {
public:
    Borrowed(pid_t process, std::uint64_t descriptor)
        : process_(static_cast<int>(::syscall(SYS_pidfd_open, process, 0))),
          file_(process_ < 0 ? -1 : static_cast<int>(::syscall(__NR_pidfd_getfd, process_, descriptor, 0))) {}
    Borrowed(const Borrowed&) = delete;
    Borrowed& operator=(const Borrowed&) = delete;
    ~Borrowed() {
        if (file_ >= 0) {
            ::close(file_);
        }
        if (process_ >= 0) {
            ::close(process_);
        }
    }
    // False: nothing is known of it.
    [[nodiscard]] bool would_wait(short for_what) const {
        if (file_ < 0 || (::fcntl(file_, F_GETFL) & O_NONBLOCK) != 0) {
            return false;
        }
        pollfd now{file_, for_what, 0};
        int ready = -1;
        do {
            ready = ::poll(&now, 1, 0);  // our timer interrupts it though it does not wait
        } while (ready < 0 && errno == EINTR);
        return ready == 0;  // an end or an error of the file is an answer too
    }

private:
    int process_;
    int file_;
};

bool file_would_wait(const TracedThread& thread, std::uint64_t descriptor, short for_what) {
    return Borrowed(thread.process->key.pid, descriptor).would_wait(for_what);
}

// `child`: a PID, or any number that is not positive for all children (a group too: no lesson has two).
bool child_would_be_waited_for(const TracedThread& thread, pid_t child, std::uint64_t options, Tracees& tracees) {
    if ((options & (WNOHANG | WUNTRACED | WCONTINUED)) != 0) {
        return false;  // what job control does to a child is not in our table
    }
    bool lives = false;
    for (const pid_t pid : thread.process->children) {
        const TracedProcess* process = tracees.find_process(pid);
        if (!process || (child > 0 && pid != child)) {
            continue;
        }
        if (process->life == ProcessLife::zombie) {
            return false;
        }
        lives |= !process->is_dead();
    }
    return lives;  // without a child the call fails at once
}

}  // namespace

bool would_wait(const TracedThread& thread, const PendingCall& call, Tracees& tracees) {
    const auto& a = call.arguments;
    switch (call.number) {
        case __NR_recvfrom:
            return (a[3] & MSG_DONTWAIT) == 0 && file_would_wait(thread, a[0], POLLIN);
        case __NR_recvmsg:
            return (a[2] & MSG_DONTWAIT) == 0 && file_would_wait(thread, a[0], POLLIN);
        case __NR_read:
        case __NR_readv:
        case __NR_accept:
        case __NR_accept4:
        case __NR_splice:
            return file_would_wait(thread, a[0], POLLIN);
        case __NR_write:
        case __NR_writev:
            return file_would_wait(thread, a[0], POLLOUT);
        case __NR_sendto:
            return (a[3] & MSG_DONTWAIT) == 0 && file_would_wait(thread, a[0], POLLOUT);
        case __NR_sendmsg:
            return (a[2] & MSG_DONTWAIT) == 0 && file_would_wait(thread, a[0], POLLOUT);
        case __NR_wait4:
            return child_would_be_waited_for(thread, static_cast<pid_t>(a[0]), a[2], tracees);
        case __NR_waitid:
            return child_would_be_waited_for(thread, a[0] == P_PID ? static_cast<pid_t>(a[1]) : -1, a[3], tracees);
        default:
            return false;
    }
}

}  // namespace procatlas
