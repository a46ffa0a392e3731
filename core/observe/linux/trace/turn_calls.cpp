#include "core/observe/linux/trace/turn_calls.h"

#include <fcntl.h>
#include <linux/kcmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

#include "core/observe/linux/proc/copied_bytes.h"
#include "core/observe/linux/proc/descriptors.h"
#include "core/observe/linux/proc/proc_file.h"
#include "core/observe/linux/proc/proc_status.h"

namespace procatlas {
namespace {

// Where all names of files are: whoever makes or removes one changes what others find.
const std::string file_names = "names";

// What nobody changes while a student's program runs.
bool is_of_system(std::string_view path) {
    constexpr std::array<std::string_view, 9> folders{"/usr/",     "/lib",      "/etc/",        "/proc/",     "/sys/",
                                                      "/dev/null", "/dev/zero", "/dev/urandom", "/dev/random"};
    return path.empty() || std::ranges::any_of(folders, [&](std::string_view folder) { return path.starts_with(folder); });
}

bool is_terminal(std::string_view target) {
    return target.starts_with("/dev/pts/") || target.starts_with("/dev/tty");
}

std::string target_of(const TracedThread& thread, std::uint64_t descriptor) {
    return read_proc_link(thread.tid, ("fd/" + std::to_string(static_cast<std::int32_t>(descriptor))).c_str()).value_or("");
}

// Whether another process has the very same open file, whose offset both move (open(2)). Nearly always by a fork, so under the
// same number.
bool shares_offset(const TracedThread& thread, std::uint64_t descriptor, Tracees& tracees) {
    return std::ranges::any_of(tracees.processes(), [&](const auto& entry) {
        return entry.first != thread.process->key.pid && !entry.second.is_dead() &&
               ::syscall(SYS_kcmp, thread.tid, entry.first, KCMP_FILE, descriptor, descriptor) == 0;
    });
}

std::string string_at(pid_t tid, Address address) {
    constexpr Address page = 4096;
    const std::string bytes = read_copied_bytes(tid, address, page - address % page);
    return bytes.substr(0, bytes.find('\0'));
}

std::string thing_of_child(pid_t pid) {
    return "child " + std::to_string(pid);
}
std::string thing_of_children(pid_t parent) {
    return "children of " + std::to_string(parent);
}

class ActReading {
public:
    ActReading(const TracedThread& thread, const PendingCall& call, Tracees& tracees)
        : thread_(thread), call_(call), tracees_(tracees) {
        standing_.process = thread.process->key;
        standing_.thread = thread.tid;
    }

    std::optional<Standing> read() { return look() ? std::optional(std::move(standing_)) : std::nullopt; }

    Standing read_end() {
        exits(*thread_.process);
        standing_.act = TurnAct::exits;
        return std::move(standing_);
    }

private:
    [[nodiscard]] std::uint64_t argument(std::size_t number) const { return call_.arguments[number]; }

    void touch(std::string thing, TouchMode mode) { standing_.touches.push_back({std::move(thing), mode}); }
    bool act(TurnAct act, std::string object = {}) {
        standing_.act = act;
        standing_.object = std::move(object);
        return true;
    }

    bool look() {
        switch (call_.number) {
            case __NR_read:
            case __NR_readv:
            case __NR_pread64:
                return reads();
            case __NR_write:
            case __NR_writev:
            case __NR_pwrite64:
            case __NR_pwritev2:
            case __NR_sendfile:
            case __NR_ftruncate:
                return writes(argument(0));
            case __NR_splice: {
                const bool reads_it = reads();
                return writes(argument(2)) || reads_it;
            }
            case __NR_copy_file_range:
                return writes(argument(2));
            case __NR_lseek:
                return seeks();
            case __NR_close:
                return closes();
            case __NR_flock:
                return locks();
            case __NR_fcntl:
                return (argument(1) == F_SETLK || argument(1) == F_SETLKW || argument(1) == F_OFD_SETLK ||
                        argument(1) == F_OFD_SETLKW) &&
                       locks();
            case __NR_openat:
                return opens(argument(1), argument(2));
            case __NR_newfstatat:
            case __NR_faccessat:
                return names(argument(1), TouchMode::look);
            case __NR_unlinkat:
            case __NR_renameat2:
            case __NR_mkdirat:
                return names(argument(1), TouchMode::change);
            case __NR_symlinkat:
                return names(argument(2), TouchMode::change);
            case __NR_linkat:
                return names(argument(3), TouchMode::change);
            case __NR_truncate:
                return names(argument(0), TouchMode::change);
            case __NR_wait4:
                return waits(static_cast<pid_t>(argument(0)));
            case __NR_waitid:
                return waits(argument(0) == P_PID ? static_cast<pid_t>(argument(1)) : -1);
            case __NR_kill:
                return signals(static_cast<pid_t>(argument(0)), static_cast<int>(argument(1)));
            case __NR_tkill:
            case __NR_rt_sigqueueinfo:
                return signals(static_cast<pid_t>(argument(0)), static_cast<int>(argument(1)));
            case __NR_tgkill:
                return signals(static_cast<pid_t>(argument(0)), static_cast<int>(argument(2)));
            case __NR_rt_sigaction:
                return argument(1) != 0 && act(TurnAct::handles, signal_name(static_cast<int>(argument(0))));
            case __NR_rt_sigprocmask:
                return argument(1) != 0 && act(TurnAct::handles);
            case __NR_rt_sigsuspend:
            case __NR_rt_sigtimedwait:
            case __NR_ppoll:
            case __NR_pselect6:
            case __NR_epoll_pwait:
                return act(TurnAct::sleeps);
            case __NR_nanosleep:
            case __NR_clock_nanosleep:
                return act(TurnAct::sleeps);
            case __NR_getppid:
                touch("parent of " + std::to_string(thread_.process->key.pid), TouchMode::look);
                return act(TurnAct::asks_parent);
            case __NR_sendto:
            case __NR_recvfrom:
            case __NR_sendmsg:
            case __NR_recvmsg:
            case __NR_accept:
            case __NR_accept4:
            case __NR_connect:
                touch("sockets", TouchMode::change);
                return act(TurnAct::communicates);
            case __NR_exit_group:
            case __NR_exit:
                exits(*thread_.process);
                return act(TurnAct::exits);
            default:
                return look_at_older();
        }
    }

    // Calls that only some machines have.
    bool look_at_older() {
        switch (call_.number) {
#ifdef __NR_open
            case __NR_open:
                return opens(argument(0), argument(1));
            case __NR_creat:
                return opens(argument(0), O_CREAT | O_TRUNC | O_WRONLY);
            case __NR_stat:
            case __NR_access:
                return names(argument(0), TouchMode::look);
            case __NR_unlink:
            case __NR_mkdir:
            case __NR_rmdir:
            case __NR_rename:
                return names(argument(0), TouchMode::change);
            case __NR_link:
            case __NR_symlink:
                return names(argument(1), TouchMode::change);
            case __NR_pause:
            case __NR_poll:
            case __NR_select:
            case __NR_epoll_wait:
                return act(TurnAct::sleeps);
#endif
            default:
                return false;
        }
    }

    static std::string signal_name(int number) {
        const char* name = ::sigabbrev_np(number);
        return name != nullptr ? std::string("SIG") + name : std::to_string(number);
    }

    // What a read or write of the file behind a descriptor meets; empty: nobody's business.
    std::string file_behind(std::uint64_t descriptor) {
        std::string target = target_of(thread_, descriptor);
        if (is_terminal(target)) {
            return "terminal";
        }
        if (target.starts_with("socket:") || target.starts_with("anon_inode:")) {
            return target.substr(0, target.find(':'));  // the two ends of a pair of sockets have two numbers
        }
        return is_of_system(target) ? std::string() : target;
    }

    bool reads() {
        const std::string file = file_behind(argument(0));
        if (file.empty()) {
            return false;
        }
        if (file == "terminal") {
            touch("typed", TouchMode::change);
        } else if (file.starts_with("/")) {
            touch(file, call_.number != __NR_pread64 && shares_offset(thread_, argument(0), tracees_) ? TouchMode::change
                                                                                                      : TouchMode::look);
            touch(file_names, TouchMode::look);  // whoever opens it anew may make it empty
        } else {
            touch(file, TouchMode::change);
        }
        return act(TurnAct::reads, for_person(file, argument(0)));
    }

    // A pipe has no name that would be the same in another run.
    static std::string for_person(const std::string& file, std::uint64_t descriptor) {
        return file.starts_with("pipe:") ? "pipe:" + std::to_string(static_cast<std::int32_t>(descriptor)) : file;
    }

    bool writes(std::uint64_t descriptor) {
        const std::string file = file_behind(descriptor);
        if (file.empty()) {
            return false;
        }
        touch(file, TouchMode::change);
        if (file.starts_with("pipe:")) {
            touch("readers of " + file, TouchMode::look);
        } else if (file.starts_with("/")) {
            touch(file_names, TouchMode::look);
        }
        return act(TurnAct::writes, for_person(file, descriptor));
    }

    bool seeks() {
        const std::string file = file_behind(argument(0));
        if (!file.starts_with("/") || !shares_offset(thread_, argument(0), tracees_)) {
            return false;
        }
        touch(file, TouchMode::change);
        return act(TurnAct::reads, file);
    }

    bool locks() {
        const std::string file = target_of(thread_, argument(0));
        touch("lock of " + file, TouchMode::change);
        return act(TurnAct::locks, file);
    }

    // Whoever reads from a pipe notices only that the last one who writes has gone, which is then what he waited for. A writer
    // notices that the last reader has gone.
    bool closes() {
        const std::string file = target_of(thread_, argument(0));
        if (!file.starts_with("pipe:")) {
            return false;
        }
        close_pipe(file, argument(0));
        return act(TurnAct::closes, for_person(file, argument(0)));
    }

    void close_pipe(const std::string& file, std::uint64_t descriptor) {
        const auto info = read_small_proc_file(thread_.tid, ("fdinfo/" + std::to_string(descriptor)).c_str());
        const std::size_t at = info ? info->find("flags:") : std::string::npos;
        const unsigned long flags = at == std::string::npos ? 0 : std::strtoul(info->c_str() + at + 6, nullptr, 8);
        if ((flags & O_ACCMODE) == O_RDONLY) {
            touch("readers of " + file, TouchMode::add);
        } else {
            touch("writers of " + file, TouchMode::add);
        }
    }

    bool opens(Address path_at, std::uint64_t flags) {
        const std::string path = string_at(thread_.tid, path_at);
        if (is_of_system(path)) {
            return false;
        }
        touch(file_names, (flags & (O_CREAT | O_TRUNC)) != 0 ? TouchMode::change : TouchMode::look);
        return act(TurnAct::opens, path);
    }

    bool names(Address path_at, TouchMode mode) {
        const std::string path = string_at(thread_.tid, path_at);
        if (is_of_system(path)) {
            return false;  // an empty one is fstat's
        }
        touch(file_names, mode);
        return act(TurnAct::names, path);
    }

    bool waits(pid_t child) {
        const pid_t self = thread_.process->key.pid;
        touch(child > 0 ? thing_of_child(child) : thing_of_children(self), TouchMode::change);
        return act(TurnAct::waits, child > 0 ? std::to_string(child) : "");
    }

    bool signals(pid_t target, int signal) {
        if (signal == 0) {
            touch(thing_of_child(target), TouchMode::look);
            return act(TurnAct::signals, std::to_string(target));
        }
        for (auto& [pid, process] : tracees_.processes()) {
            const bool meant = target > 0 ? pid == target : pid != thread_.process->key.pid;  // a group: perhaps
            if (meant && !process.is_dead()) {
                standing_.signalled.push_back(pid);
                if (signal == SIGKILL) {
                    exits(process);
                }
            }
        }
        std::ranges::sort(standing_.signalled);
        touch(thing_of_child(target), TouchMode::look);  // where it has ended, the call fails
        return act(TurnAct::signals, std::to_string(target));
    }

    // Its files are closed, its parent may wait for it and gets SIGCHLD, its children get another parent.
    void exits(TracedProcess& process) {
        const pid_t pid = process.key.pid;
        touch(thing_of_child(pid), TouchMode::add);
        if (TracedProcess* parent = tracees_.find_process(process.parent)) {
            touch(thing_of_children(process.parent), TouchMode::add);
            if (!parent->is_dead() && handles_signal(process.parent, SIGCHLD)) {
                standing_.signalled.push_back(process.parent);
            }
        }
        for (const pid_t child : process.children) {
            touch("parent of " + std::to_string(child), TouchMode::change);
            touch(thing_of_child(child), TouchMode::add);
        }
        if (const auto open = read_descriptors(pid)) {
            for (const OpenDescriptor& descriptor : open->open) {
                if (descriptor.target.starts_with("pipe:")) {
                    touch((descriptor.writes ? "writers of " : "readers of ") + descriptor.target, TouchMode::add);
                }
            }
        }
    }

    const TracedThread& thread_;
    const PendingCall& call_;
    Tracees& tracees_;
    Standing standing_;
};

}  // namespace

std::optional<Standing> standing_before(const TracedThread& thread, const PendingCall& call, Tracees& tracees) {
    return ActReading(thread, call, tracees).read();
}

Standing standing_before_end(const TracedThread& thread, Tracees& tracees) {
    return ActReading(thread, PendingCall{}, tracees).read_end();
}

std::string_view turns_limit_of(const PendingCall& call) {
    switch (call.number) {
        case __NR_mmap: {
            const bool shared = (call.arguments[3] & MAP_SHARED) != 0 && (call.arguments[2] & PROT_WRITE) != 0;
            return shared ? turns_limit::shared_memory : std::string_view();
        }
        case __NR_shmat:
            return turns_limit::shared_memory;
        case __NR_nanosleep:
        case __NR_clock_nanosleep:
            return turns_limit::sleep;
        default:
            return {};
    }
}

}  // namespace procatlas
