#include "core/observe/linux/trace/turn_calls.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <string>

#include "core/observe/linux/proc/copied_bytes.h"
#include "core/observe/linux/proc/descriptors.h"
#include "core/observe/linux/proc/proc_file.h"
#include "core/observe/linux/proc/proc_status.h"
#include "core/observe/linux/trace/turn_files.h"
#include "core/observe/linux/trace/turn_things.h"

namespace procatlas {
namespace {

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
            case __NR_ftruncate:
                return writes(argument(0));
            case __NR_sendfile:
                look_at_source(argument(1));
                return writes(argument(0)) || !standing_.touches.empty();
            case __NR_splice: {
                const bool reads_it = reads();
                return writes(argument(2)) || reads_it;
            }
            case __NR_copy_file_range:
                look_at_source(argument(0));
                return writes(argument(2)) || !standing_.touches.empty();
            case __NR_lseek:
                return seeks();
            case __NR_close:
                return closes(argument(0));
            case __NR_dup3:
                return closes(argument(1));
            case __NR_execve:
                return executes(argument(0));
            case __NR_flock:
                return locks();
            case __NR_fcntl:
                if (argument(1) == F_SETFL || argument(1) == F_GETFL) {  // of the open file, which others may have too
                    touch("flags", argument(1) == F_SETFL ? TouchMode::change : TouchMode::look);
                    return act(TurnAct::communicates);
                }
                return (argument(1) == F_SETLK || argument(1) == F_SETLKW || argument(1) == F_OFD_SETLK ||
                        argument(1) == F_OFD_SETLKW) &&
                       locks();
            case __NR_openat:
                return opens(argument(1), argument(2));
            case __NR_newfstatat:
            case __NR_faccessat:
            case __NR_faccessat2:
            case __NR_statx:
            case __NR_readlinkat:
                return looks(argument(1));
            case __NR_fstat:
            case __NR_getdents64:
                return looks_behind();
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
                return argument(1) != 0 && handles(static_cast<int>(argument(0)));
            case __NR_rt_sigprocmask:
                return argument(1) != 0 && masks();
            case __NR_rt_sigsuspend:
            case __NR_rt_sigtimedwait:
                return act(TurnAct::sleeps);
            case __NR_ppoll:
            case __NR_pselect6:
            case __NR_epoll_pwait:
                return polls();
            case __NR_semop:
            case __NR_semtimedop:
            case __NR_msgsnd:
            case __NR_msgrcv:
                touch("messages and semaphores", TouchMode::change);
                return act(TurnAct::communicates);
            case __NR_nanosleep:
            case __NR_clock_nanosleep:
                return act(TurnAct::sleeps);
            case __NR_getppid:
                touch(thing_of_parent(thread_.process->key.pid), TouchMode::look);
                return act(TurnAct::asks_parent);
            case __NR_sendto:
            case __NR_recvfrom:
            case __NR_sendmsg:
            case __NR_recvmsg:
            case __NR_accept:
            case __NR_accept4:
            case __NR_connect:
                touch("socket", TouchMode::change);
                return act(TurnAct::communicates);
            case __NR_exit_group:
            case __NR_exit:
                exits(*thread_.process);
                return act(TurnAct::exits);
            // Stopped at where memory is watched too. Nobody else notices them, so that a run that is recorded with its memory
            // takes the same turns as one that is not.
            case __NR_brk:
            case __NR_munmap:
            case __NR_mremap:
            case __NR_mprotect:
                return false;
            case __NR_mmap:
                return (argument(3) & MAP_SHARED) != 0 && look_at_older();
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
            case __NR_lstat:
            case __NR_access:
            case __NR_readlink:
                return looks(argument(0));
            case __NR_dup2:
                return closes(argument(1));
            case __NR_unlink:
            case __NR_mkdir:
            case __NR_rmdir:
            case __NR_rename:
                return names(argument(0), TouchMode::change);
            case __NR_link:
            case __NR_symlink:
                return names(argument(1), TouchMode::change);
            case __NR_pause:
                return act(TurnAct::sleeps);
            case __NR_poll:
            case __NR_select:
            case __NR_epoll_wait:
                return polls();
#endif
            default:
                touch(std::string(anything), TouchMode::change);
                return act(TurnAct::calls, std::to_string(call_.number));
        }
    }

    bool handles(int signal) {
        if (signal == SIGCHLD) {
            touch(thing_of_end_signal(thread_.process->key.pid), TouchMode::change);
        }
        return act(TurnAct::handles, signal_name(signal));
    }

    // Whoever blocks all signals is a function of libc that lets them come again in a moment.
    bool masks() {
        std::uint64_t set = 0;
        const std::string bytes = read_copied_bytes(thread_.tid, argument(1), sizeof set);
        std::copy_n(bytes.data(), std::min(bytes.size(), sizeof set), reinterpret_cast<char*>(&set));
        constexpr int nearly_all = 60;
        if ((set >> (SIGCHLD - 1) & 1) != 0 && std::popcount(set) < nearly_all) {
            touch(thing_of_end_signal(thread_.process->key.pid), TouchMode::change);
        }
        return act(TurnAct::handles);
    }

    // What a read or write of the file behind a descriptor meets; empty: nobody's business.
    std::string file_behind(std::uint64_t descriptor) {
        std::string target = target_of(thread_, descriptor);
        if (is_terminal(target)) {
            return "terminal";
        }
        if (tells_of_another(target)) {
            return std::string(anything);
        }
        if (target.starts_with("socket:") || target.starts_with("anon_inode:")) {
            return target.substr(0, target.find(':'));  // the two ends of a pair of sockets have two numbers
        }
        return is_of_system(target) ? std::string() : target;
    }

    // "/proc/77/stat" of another process: what is there hangs on all that it does.
    bool tells_of_another(std::string_view path) const {
        constexpr std::string_view processes = "/proc/";
        const std::string_view rest = path.starts_with(processes) ? path.substr(processes.size()) : std::string_view();
        const std::string_view number = rest.substr(0, rest.find('/'));
        return !number.empty() && number.find_first_not_of("0123456789") == std::string_view::npos &&
               number != std::to_string(thread_.process->key.pid);
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
            touch(std::string(file_names), TouchMode::look);  // whoever opens it anew may make it empty
        } else {
            touch(file, TouchMode::change);
            if ((open_flags(thread_, argument(0)) & O_NONBLOCK) != 0) {
                touch("writers of " + file, TouchMode::look);  // without one it is the end, else nothing yet
            }
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
            touch(std::string(file_names), TouchMode::look);
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
    bool closes(std::uint64_t descriptor) {
        const std::string file = target_of(thread_, descriptor);
        if (!file.starts_with("pipe:")) {
            return false;
        }
        close_pipe(file, descriptor);
        return act(TurnAct::closes, for_person(file, descriptor));
    }

    // Another program is looked for by its name, and pipes that are not for it are closed.
    bool executes(Address path_at) {
        const std::string path = string_at(thread_.tid, path_at);
        if (!is_of_system(path)) {
            touch(std::string(file_names), TouchMode::look);
        }
        if (const auto open = read_descriptors(thread_.process->key.pid)) {
            for (const OpenDescriptor& descriptor : open->open) {
                if (descriptor.close_on_exec && descriptor.is_pipe()) {
                    close_pipe(descriptor.target, static_cast<std::uint64_t>(descriptor.number));
                }
            }
        }
        return !standing_.touches.empty() && act(TurnAct::names, path);
    }

    void look_at_source(std::uint64_t descriptor) {
        if (const std::string file = file_behind(descriptor); !file.empty()) {
            touch(file, TouchMode::change);  // where it is a pipe, what is read is gone
        }
    }

    void close_pipe(const std::string& file, std::uint64_t descriptor) {
        if ((open_flags(thread_, descriptor) & O_ACCMODE) == O_RDONLY) {
            touch("readers of " + file, TouchMode::add);
        } else {
            touch("writers of " + file, TouchMode::add);
        }
    }

    bool opens(Address path_at, std::uint64_t flags) {
        const std::string path = string_at(thread_.tid, path_at);
        if (tells_of_another(path)) {
            touch(std::string(anything), TouchMode::change);
            return act(TurnAct::opens, path);
        }
        if (is_of_system(path)) {
            return false;
        }
        touch(std::string(file_names), (flags & (O_CREAT | O_TRUNC)) != 0 ? TouchMode::change : TouchMode::look);
        return act(TurnAct::opens, path);
    }

    bool names(Address path_at, TouchMode mode) {
        const std::string path = string_at(thread_.tid, path_at);
        if (is_of_system(path)) {
            return false;
        }
        touch(std::string(file_names), mode);
        return act(TurnAct::names, path);
    }

    // A name, and how large the file is.
    bool looks(Address path_at) {
        const std::string path = string_at(thread_.tid, path_at);
        if (path.empty()) {
            return looks_behind();
        }
        if (tells_of_another(path)) {
            touch(std::string(anything), TouchMode::change);
            return act(TurnAct::names, path);
        }
        if (is_of_system(path)) {
            return false;
        }
        touch(path.starts_with("/") ? path : read_proc_link(thread_.tid, "cwd").value_or("") + "/" + path, TouchMode::look);
        touch(std::string(file_names), TouchMode::look);
        return act(TurnAct::names, path);
    }

    bool looks_behind() {
        const std::string file = file_behind(argument(0));
        if (!file.starts_with("/")) {
            return false;
        }
        touch(file, TouchMode::look);
        touch(std::string(file_names), TouchMode::look);  // of a folder, what is in it
        return act(TurnAct::names, file);
    }

    // Which of its files are ready: any that others fill, empty or leave.
    bool polls() {
        if (const auto open = read_descriptors(thread_.tid)) {
            for (const OpenDescriptor& descriptor : open->open) {
                const std::string& target = descriptor.target;
                if (target.starts_with("pipe:")) {
                    touch(target, TouchMode::look);
                    touch("readers of " + target, TouchMode::look);
                    touch("writers of " + target, TouchMode::look);
                } else if (target.starts_with("socket:") || target.starts_with("anon_inode:")) {
                    touch(target.substr(0, target.find(':')), TouchMode::look);
                }
            }
        }
        return act(TurnAct::sleeps);
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
            touch(thing_of_end_signal(process.parent), TouchMode::look);
            if (!parent->is_dead() && handles_signal(process.parent, SIGCHLD)) {
                standing_.signalled.push_back(process.parent);
            }
        }
        for (const pid_t child : process.children) {
            touch(thing_of_parent(child), TouchMode::change);
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

}  // namespace procatlas
